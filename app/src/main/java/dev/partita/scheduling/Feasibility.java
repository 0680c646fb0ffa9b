// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether known nodes could run something if nothing else ran, and why not, in words. */
final class Feasibility {
  private Feasibility() {}

  /** Empty if some could; else one sentence. */
  static Optional<String> problem(Shape shape, List<NodeLedger> known) {
    List<NodeLedger> allowed = new ArrayList<>();
    for (NodeLedger node : known) {
      if (shape.where().allows(node.node().traits())) {
        allowed.add(node);
      }
    }
    if (allowed.isEmpty()) {
      return Optional.of(never() + ": " + nobody(shape.where(), known));
    }
    for (Resources bundle : shape.bundles()) {
      if (allowed.stream().noneMatch(node -> node.fits(bundle, ""))) {
        return Optional.of(never() + ": " + tooLarge(bundle, allowed));
      }
    }
    if (!shape.isGang()) {
      return Optional.empty();
    }
    List<Resources> members = shape.bundles().subList(0, shape.gangMin());
    List<List<NodeLedger>> pools = ShapeQueue.byPool(shape.where(), allowed);
    return NodeChoice.inPools(pools, members, shape.strategy(), "") != null
        ? Optional.empty()
        : Optional.of(gangProblem(members, shape.strategy(), allowed));
  }

  private static String never() {
    return "no node could ever run it";
  }

  private static String nobody(Where where, List<NodeLedger> known) {
    if (known.isEmpty()) {
      return "there is no node";
    }
    List<String> asks = new ArrayList<>();
    if (!where.pools().isEmpty()) {
      asks.add("pool " + String.join(" or ", where.pools()));
    }
    where.labels().forEach((name, value) -> asks.add("label " + name + "=" + value));
    if (!where.applicationHash().isEmpty()) {
      asks.add("application " + where.applicationHash());
    }
    return "asks for " + String.join(", ", asks) + "; none of the " + known.size() + " nodes is so";
  }

  private static String tooLarge(Resources asked, List<NodeLedger> allowed) {
    Resources total = allowed.get(0).node().total();
    for (String name : names(asked)) {
      long most = 0;
      for (NodeLedger node : allowed) {
        most = Math.max(most, amount(node.node().total(), name));
      }
      if (amount(asked, name) > most) {
        return "asks "
            + show(name, amount(asked, name))
            + ", the largest node has "
            + shortly(name, most);
      }
      total = larger(total, name, allowed);
    }
    return "asks " + asked + ", which no node has together; one has " + total;
  }

  private static Resources larger(Resources sofar, String name, List<NodeLedger> allowed) {
    Resources best = sofar;
    for (NodeLedger node : allowed) {
      if (amount(node.node().total(), name) > amount(best, name)) {
        best = node.node().total();
      }
    }
    return best;
  }

  private static String gangProblem(
      List<Resources> members, PlacementStrategy strategy, List<NodeLedger> allowed) {
    Resources asked = members.stream().reduce(Resources.ZERO, Resources::plus);
    if (strategy == PlacementStrategy.STRICT_PACK) {
      return "no node could ever run it: asks "
          + asked
          + " on one node (STRICT_PACK), "
          + tooLargeTogether(asked, allowed);
    }
    if (strategy == PlacementStrategy.STRICT_SPREAD) {
      return "the nodes could never run it: asks "
          + members.size()
          + " different nodes (STRICT_SPREAD), only "
          + allowed.size()
          + " may run any of it, not all of them each part";
    }
    Resources all =
        allowed.stream().map(node -> node.node().total()).reduce(Resources.ZERO, Resources::plus);
    return "the nodes could never run it together: a gang of "
        + members.size()
        + " asks "
        + asked
        + ", the "
        + allowed.size()
        + " nodes that may run it have "
        + all
        + (asked.fitsIn(all) ? ", but cut so that it does not fit" : "");
  }

  private static String tooLargeTogether(Resources asked, List<NodeLedger> allowed) {
    for (String name : names(asked)) {
      long most = 0;
      for (NodeLedger node : allowed) {
        most = Math.max(most, amount(node.node().total(), name));
      }
      if (amount(asked, name) > most) {
        return "the largest has " + shortly(name, most) + " " + name;
      }
    }
    return "none has all of that";
  }

  private static List<String> names(Resources resources) {
    List<String> names = new ArrayList<>(List.of("gpu", "cpu", "memory"));
    names.addAll(resources.customMilli().keySet());
    return names;
  }

  private static long amount(Resources resources, String name) {
    return switch (name) {
      case "cpu" -> resources.cpuMilli();
      case "gpu" -> resources.gpuMilli();
      case "memory" -> resources.memoryBytes();
      default -> resources.customMilli().getOrDefault(name, 0L);
    };
  }

  private static String show(String name, long amount) {
    return name + "=" + shortly(name, amount);
  }

  private static String shortly(String name, long amount) {
    return name.equals("memory") ? ResourceText.memory(amount) : ResourceText.number(amount);
  }

  /** The live nodes' answer to why something does not start now. */
  static String waiting(Shape shape, List<List<NodeLedger>> pools, @Nullable NodeLedger home) {
    int able = 0;
    Resources largest = shape.bundles().get(0);
    NodeLedger freest = null;
    for (List<NodeLedger> pool : pools) {
      for (NodeLedger node : pool) {
        if (NodeTable.empty(node.node()).fits(largest, "")) {
          able++;
          if (freest == null || freer(node, freest)) {
            freest = node;
          }
        }
      }
    }
    if (freest == null) {
      return "no live node could run it; one that is gone could, and may come back";
    }
    String asks =
        shape.isGang()
            ? "all of a gang of " + shape.bundles().size() + ", the first asking " + largest
            : "" + largest;
    return "waits for "
        + asks
        + (home == null ? "" : " on node " + home.node().id() + " (STRICT_PACK)")
        + ": of "
        + able
        + " nodes that could run it none has room now, the freest has "
        + freest.usage().free();
  }

  private static boolean freer(NodeLedger a, NodeLedger b) {
    return a.leftover(Resources.ZERO) > b.leftover(Resources.ZERO);
  }
}
