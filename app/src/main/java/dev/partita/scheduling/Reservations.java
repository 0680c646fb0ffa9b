// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps nodes free for work that others have overtaken for longer than the patience. A reservation
 * is for all of a gang or none of it, on nodes that no other reservation holds, and sized as if
 * they were empty; so it is never half, and what runs there now is all it waits for. Others are
 * placed there only beside it.
 */
final class Reservations {
  private final NodeTable nodes;
  private final SchedulerSettings settings;
  private final Map<WaitingEntry, List<NodeLedger>> held = new LinkedHashMap<>();

  Reservations(NodeTable nodes, SchedulerSettings settings) {
    this.nodes = nodes;
    this.settings = settings;
  }

  /** Those that wait with nodes kept for them, the oldest first. */
  List<WaitingEntry> holders() {
    return new ArrayList<>(held.keySet());
  }

  List<NodeLedger> nodesOf(WaitingEntry entry) {
    return held.getOrDefault(entry, List.of()).stream().distinct().toList();
  }

  /** The nodes kept for a gang, one per member, if they are free enough by now; else null. */
  @Nullable List<NodeLedger> ready(WaitingEntry entry) {
    List<NodeLedger> kept = held.get(entry);
    if (kept == null) {
      return null;
    }
    List<Resources> bundles = entry.queue().shape.bundles().subList(0, kept.size());
    return BundlePacking.fits(bundles, kept, entry.work().id()) ? kept : null;
  }

  void release(WaitingEntry entry) {
    List<NodeLedger> kept = held.remove(entry);
    if (kept != null) {
      kept.forEach(NodeLedger::unreserve);
      nodes.moreRoom();
    }
  }

  /** Gives up reservations with a node that is gone or drains. */
  void check() {
    Iterator<Map.Entry<WaitingEntry, List<NodeLedger>>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      List<NodeLedger> kept = all.next().getValue();
      if (kept.stream().anyMatch(this::unusable)) {
        kept.forEach(NodeLedger::unreserve);
        nodes.moreRoom();
        all.remove();
      }
    }
  }

  private boolean unusable(NodeLedger node) {
    NodeState state = node.node();
    return state.draining() || nodes.find(state.id(), state.incarnation()) == null;
  }

  /**
   * Reserves for this entry if it has been overtaken for long enough and there are nodes for it.
   */
  void consider(WaitingEntry entry, Instant now) {
    Instant since = entry.overtakenSince();
    if (since == null || held.containsKey(entry)) {
      return;
    }
    if (since.isAfter(now)) {
      entry.overtaken(now); // the clock jumped back
      return;
    }
    if (since.plus(settings.patience()).isAfter(now)) {
      return;
    }
    List<NodeLedger> found = find(entry);
    if (found != null) {
      Map<NodeLedger, Resources> kept = new LinkedHashMap<>();
      for (int i = 0; i < found.size(); i++) {
        kept.merge(found.get(i), entry.queue().shape.bundles().get(i), Resources::plus);
      }
      kept.forEach((node, resources) -> node.reserve(entry.work().id(), resources));
      held.put(entry, found);
    }
  }

  /** Those soonest free, or any. */
  private @Nullable List<NodeLedger> find(WaitingEntry entry) {
    List<NodeLedger> found =
        find(entry, Comparator.comparingDouble(node -> -node.leftover(Resources.ZERO)));
    return found != null ? found : find(entry, Comparator.comparing(node -> node.node().id()));
  }

  private @Nullable List<NodeLedger> find(WaitingEntry entry, Comparator<NodeLedger> better) {
    Shape shape = entry.queue().shape;
    Map<NodeLedger, NodeLedger> realOf = new LinkedHashMap<>();
    List<List<NodeLedger>> pools = new ArrayList<>();
    for (List<NodeLedger> pool : entry.queue().candidates(nodes)) {
      List<NodeLedger> empty = new ArrayList<>();
      pool.stream()
          .filter(node -> !node.isReserved() && allowed(node, entry.work()))
          .sorted(better)
          .forEach(
              node -> {
                NodeLedger copy = NodeTable.empty(node.node());
                realOf.put(copy, node);
                empty.add(copy);
              });
      pools.add(empty);
    }
    int least = shape.isGang() ? shape.gangMin() : 1;
    for (int size = shape.bundles().size(); size >= least; size--) {
      List<Resources> members = shape.bundles().subList(0, size);
      List<NodeLedger> found = NodeChoice.inPools(pools, members, shape.strategy(), "");
      if (found != null) {
        return found.stream().map(copy -> Objects.requireNonNull(realOf.get(copy))).toList();
      }
    }
    return null;
  }

  private static boolean allowed(NodeLedger node, Work work) {
    return switch (work.demand().group().strategy()) {
      case STRICT_PACK -> work.onNode().isEmpty() || work.onNode().containsKey(node);
      case STRICT_SPREAD -> !work.onNode().containsKey(node);
      case PACK, SPREAD -> true;
    };
  }
}
