// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which nodes, of those with room, bundles go to. One look at every node: O(nodes) a bundle. */
final class NodeChoice {
  private final NodeTable nodes;

  NodeChoice(NodeTable nodes) {
    this.nodes = nodes;
  }

  /**
   * A node for one bundle: near its data, else of the first pool with room; null: none has room.
   */
  @Nullable NodeLedger forOne(WaitingEntry entry, int bundle) {
    Work work = entry.work();
    Resources asked = work.resources(bundle);
    if (work.suspect(bundle)) {
      return forSuspect(entry, asked);
    }
    NodeLedger near = nearNode(work, bundle, asked);
    if (near != null) {
      return near;
    }
    NodeLedger last = work.lastNode();
    if (last != null && packsOn(last, work) && last.fits(asked, work.id())) {
      return last; // without a look at the others
    }
    for (List<NodeLedger> pool : entry.queue().candidates(nodes)) {
      NodeLedger best = bestOf(pool, work, asked);
      if (best != null) {
        return best;
      }
    }
    return null;
  }

  private @Nullable NodeLedger forSuspect(WaitingEntry entry, Resources asked) {
    for (List<NodeLedger> pool : entry.queue().candidates(nodes)) {
      List<NodeLedger> others = pool.stream().filter(node -> node.suspects().isEmpty()).toList();
      NodeLedger best = tightest(others, entry.work(), asked, true);
      if (best != null) {
        return best;
      }
    }
    return null;
  }

  /** Whether it runs bundles of this work already, and no other pool is preferred. */
  private static boolean packsOn(NodeLedger node, Work work) {
    PlacementStrategy strategy = work.demand().group().strategy();
    return (strategy == PlacementStrategy.PACK || strategy == PlacementStrategy.STRICT_PACK)
        && work.onNode().containsKey(node)
        && work.demand().where().pools().size() <= 1
        && node.mayRun(work.demand().where());
  }

  private @Nullable NodeLedger nearNode(Work work, int bundle, Resources asked) {
    for (NodeId id : work.demand().group().bundles().get(bundle).near()) {
      NodeLedger node = nodes.find(id);
      if (node != null
          && node.mayRun(work.demand().where())
          && strictlyAllowed(node, work)
          && node.fits(asked, work.id())) {
        return node;
      }
    }
    return null;
  }

  private static boolean strictlyAllowed(NodeLedger node, Work work) {
    return switch (work.demand().group().strategy()) {
      case STRICT_PACK -> work.onNode().isEmpty() || work.onNode().containsKey(node);
      case STRICT_SPREAD -> !work.onNode().containsKey(node);
      case PACK, SPREAD -> true;
    };
  }

  private static @Nullable NodeLedger bestOf(List<NodeLedger> pool, Work work, Resources asked) {
    return switch (work.demand().group().strategy()) {
      case PACK -> {
        NodeLedger own = tightest(ownOf(pool, work), work, asked, false);
        yield own != null ? own : tightest(pool, work, asked, false);
      }
      case STRICT_PACK, STRICT_SPREAD -> tightest(pool, work, asked, true);
      case SPREAD -> emptiest(pool, work, asked);
    };
  }

  private static List<NodeLedger> ownOf(List<NodeLedger> pool, Work work) {
    if (work.onNode().isEmpty() || pool.isEmpty()) {
      return List.of();
    }
    List<NodeLedger> own = new ArrayList<>();
    String name = pool.get(0).node().traits().pool();
    boolean anyPool = work.demand().where().pools().isEmpty();
    for (NodeLedger node : work.onNode().keySet()) {
      if ((anyPool || node.node().traits().pool().equals(name))
          && node.mayRun(work.demand().where())) {
        own.add(node);
      }
    }
    own.sort((a, b) -> a.node().id().compareTo(b.node().id()));
    return own;
  }

  private static @Nullable NodeLedger tightest(
      List<NodeLedger> pool, Work work, Resources asked, boolean strict) {
    NodeLedger best = null;
    double least = Double.MAX_VALUE;
    for (NodeLedger node : pool) {
      if (node.fits(asked, work.id()) && (!strict || strictlyAllowed(node, work))) {
        double left = node.leftover(asked);
        if (left < least) {
          best = node;
          least = left;
        }
      }
    }
    return best;
  }

  private static @Nullable NodeLedger emptiest(List<NodeLedger> pool, Work work, Resources asked) {
    NodeLedger best = null;
    int fewest = Integer.MAX_VALUE;
    double most = 0;
    for (NodeLedger node : pool) {
      if (node.fits(asked, work.id())) {
        int own = work.onNode().getOrDefault(node, 0);
        double left = node.leftover(asked);
        if (own < fewest || (own == fewest && left > most)) {
          best = node;
          fewest = own;
          most = left;
        }
      }
    }
    return best;
  }

  /**
   * Nodes for the members of a gang, in one pool if one has room for all, else across its pools;
   * for the first of them only when the live nodes could never run all. Null: no room.
   */
  @Nullable List<NodeLedger> forGang(WaitingEntry entry) {
    List<List<NodeLedger>> pools = entry.queue().candidates(nodes);
    Shape shape = entry.queue().shape;
    String id = entry.work().id();
    List<NodeLedger> found = inPools(pools, shape.bundles(), shape.strategy(), id);
    if (found == null && shape.gangMin() < shape.bundles().size()) {
      List<List<NodeLedger>> empty =
          pools.stream()
              .map(pool -> pool.stream().map(node -> NodeTable.empty(node.node())).toList())
              .toList();
      if (inPools(empty, shape.bundles(), shape.strategy(), id) == null) {
        found = largest(pools, shape, id);
      }
    }
    return found;
  }

  private static @Nullable List<NodeLedger> largest(
      List<List<NodeLedger>> pools, Shape shape, String id) {
    for (int size = shape.bundles().size() - 1; size >= shape.gangMin(); size--) {
      List<NodeLedger> found =
          inPools(pools, shape.bundles().subList(0, size), shape.strategy(), id);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  static @Nullable List<NodeLedger> inPools(
      List<List<NodeLedger>> pools,
      List<Resources> bundles,
      PlacementStrategy strategy,
      String demand) {
    List<NodeLedger> all = new ArrayList<>();
    for (List<NodeLedger> pool : pools) {
      List<NodeLedger> found = new BundlePacking(bundles, pool, demand).find(strategy);
      if (found != null) {
        return found;
      }
      all.addAll(pool);
    }
    return pools.size() > 1 ? new BundlePacking(bundles, all, demand).find(strategy) : null;
  }
}
