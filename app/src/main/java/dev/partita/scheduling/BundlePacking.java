// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds a node for each of several bundles at once, or says that it found none. Exact for equal
 * bundles, for STRICT_SPREAD (bipartite matching), and for small groups (a bounded search); for
 * large groups of unequal bundles the greedy orders may miss a placement that exists. What it tries
 * out on the ledgers it undoes.
 */
final class BundlePacking {
  private static final int SEARCH_STEPS = 2_000;

  private final List<Resources> bundles;
  private final List<NodeLedger> nodes;
  private final String demand;

  /** Indices of the bundles, the largest first. */
  private final List<Integer> order;

  private final @Nullable NodeLedger[] chosen;
  private final List<List<GpuShare>> taken;
  private int stepsLeft = SEARCH_STEPS;

  /**
   * @param nodes that may run the bundles, the better ones first
   */
  BundlePacking(List<Resources> bundles, List<NodeLedger> nodes, String demand) {
    this.bundles = bundles;
    this.nodes = nodes;
    this.demand = demand;
    this.chosen = new NodeLedger[bundles.size()];
    this.taken = new ArrayList<>(Collections.nCopies(bundles.size(), List.of()));
    this.order = order(bundles);
  }

  /** The indices of the bundles in which they must be taken: the largest first. */
  static List<Integer> order(List<Resources> bundles) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < bundles.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparing((Integer i) -> bundles.get(i).gpuMilli())
            .thenComparing(i -> largestPart(bundles.get(i)))
            .reversed());
    return order;
  }

  /** Whether each bundle fits on the node named for it, all together. */
  static boolean fits(List<Resources> bundles, List<NodeLedger> chosen, String demand) {
    BundlePacking packing = new BundlePacking(bundles, List.of(), demand);
    boolean all = true;
    for (int i : packing.order) {
      all = all && chosen.get(i).fits(bundles.get(i), demand);
      if (all) {
        packing.put(i, chosen.get(i));
      }
    }
    packing.undoAll();
    return all;
  }

  /** A node for each bundle, in their order, or null. */
  @Nullable List<NodeLedger> find(PlacementStrategy strategy) {
    return switch (strategy) {
      case STRICT_PACK -> onOneNode();
      case STRICT_SPREAD -> onDifferentNodes();
      case PACK -> firstOf(onOneNode(), this::onFewNodes, this::search);
      case SPREAD -> firstOf(onManyNodes(), this::onFewNodes, this::search);
    };
  }

  @SafeVarargs
  private static @Nullable List<NodeLedger> firstOf(
      @Nullable List<NodeLedger> first, Supplier<@Nullable List<NodeLedger>>... others) {
    List<NodeLedger> found = first;
    for (int i = 0; found == null && i < others.length; i++) {
      found = others[i].get();
    }
    return found;
  }

  private @Nullable List<NodeLedger> onOneNode() {
    NodeLedger best = null;
    double least = Double.MAX_VALUE;
    Resources largest = bundles.get(order.get(0));
    for (NodeLedger node : nodes) {
      if (!node.fits(largest, demand)) {
        continue;
      }
      List<Integer> fitted = fill(node, order);
      boolean all = fitted.size() == order.size();
      double left = node.leftover(Resources.ZERO);
      fitted.forEach(this::undo);
      if (all && left < least) {
        best = node;
        least = left;
      }
    }
    return best == null ? null : Collections.nCopies(bundles.size(), best);
  }

  /** The node that holds most of what is left, again and again. */
  private @Nullable List<NodeLedger> onFewNodes() {
    List<Integer> left = new ArrayList<>(order);
    while (!left.isEmpty()) {
      NodeLedger best = null;
      int most = 0;
      double least = Double.MAX_VALUE;
      for (NodeLedger node : nodes) {
        List<Integer> fitted = fill(node, left);
        double leftover = node.leftover(Resources.ZERO);
        fitted.forEach(this::undo);
        if (fitted.size() > most || (fitted.size() == most && most > 0 && leftover < least)) {
          best = node;
          most = fitted.size();
          least = leftover;
        }
      }
      if (best == null) {
        return undoAll();
      }
      left.removeAll(new HashSet<>(fill(best, left)));
    }
    return finish();
  }

  private @Nullable List<NodeLedger> onManyNodes() {
    Map<NodeLedger, Integer> own = new LinkedHashMap<>();
    for (int i : order) {
      NodeLedger best = null;
      int fewest = Integer.MAX_VALUE;
      double most = -1;
      for (NodeLedger node : nodes) {
        int here = own.getOrDefault(node, 0);
        if (here <= fewest && node.fits(bundles.get(i), demand)) {
          double left = node.leftover(bundles.get(i));
          if (here < fewest || left > most) {
            best = node;
            fewest = here;
            most = left;
          }
        }
      }
      if (best == null) {
        return undoAll();
      }
      own.merge(best, 1, Integer::sum);
      put(i, best);
    }
    return finish();
  }

  /** Augmenting paths (Kuhn): each bundle asks for a node, whose holder may move to another. */
  private @Nullable List<NodeLedger> onDifferentNodes() {
    if (bundles.size() > nodes.size()) {
      return null;
    }
    int[] holder = new int[nodes.size()];
    Arrays.fill(holder, -1);
    List<int[]> fitting = new ArrayList<>();
    Map<Resources, int[]> known = new HashMap<>();
    for (Resources bundle : bundles) {
      fitting.add(known.computeIfAbsent(bundle, this::tightestFirst));
    }
    for (int i : order) {
      if (!seat(i, fitting, holder, new HashSet<>())) {
        return null;
      }
    }
    List<NodeLedger> found = new ArrayList<>(Collections.nCopies(bundles.size(), nodes.get(0)));
    for (int n = 0; n < holder.length; n++) {
      if (holder[n] >= 0) {
        found.set(holder[n], nodes.get(n));
      }
    }
    return found;
  }

  private int[] tightestFirst(Resources bundle) {
    List<Integer> fitting = new ArrayList<>();
    for (int n = 0; n < nodes.size(); n++) {
      if (nodes.get(n).fits(bundle, demand)) {
        fitting.add(n);
      }
    }
    fitting.sort(Comparator.comparingDouble(n -> nodes.get(n).leftover(bundle)));
    return fitting.stream().mapToInt(Integer::intValue).toArray();
  }

  private boolean seat(int bundle, List<int[]> fitting, int[] holder, Set<Integer> asked) {
    for (int n : fitting.get(bundle)) {
      if (holder[n] < 0) {
        holder[n] = bundle;
        return true;
      }
    }
    for (int n : fitting.get(bundle)) {
      boolean sameChoice = fitting.get(holder[n]) == fitting.get(bundle);
      if (!sameChoice && asked.add(n) && seat(holder[n], fitting, holder, asked)) {
        holder[n] = bundle;
        return true;
      }
    }
    return false;
  }

  /** Every way, the largest bundles first, until the steps are used up. */
  private @Nullable List<NodeLedger> search() {
    boolean equal = bundles.stream().distinct().count() == 1;
    return !equal && searchFrom(0) ? finish() : undoAll();
  }

  private boolean searchFrom(int depth) {
    if (depth == order.size()) {
      return true;
    }
    int i = order.get(depth);
    List<NodeLedger> fitting = new ArrayList<>();
    for (NodeLedger node : nodes) {
      if (node.fits(bundles.get(i), demand)) {
        fitting.add(node);
      }
    }
    fitting.sort(Comparator.comparingDouble(node -> node.leftover(bundles.get(i))));
    for (NodeLedger node : fitting) {
      if (stepsLeft-- <= 0) {
        return false;
      }
      put(i, node);
      if (searchFrom(depth + 1)) {
        return true;
      }
      undo(i);
    }
    return false;
  }

  private List<Integer> fill(NodeLedger node, List<Integer> wanted) {
    List<Integer> fitted = new ArrayList<>();
    for (int i : wanted) {
      if (node.fits(bundles.get(i), demand)) {
        put(i, node);
        fitted.add(i);
      }
    }
    return fitted;
  }

  private void put(int i, NodeLedger node) {
    taken.set(i, node.take(bundles.get(i)));
    chosen[i] = node;
  }

  private void undo(int i) {
    NodeLedger node = chosen[i];
    if (node != null) {
      node.giveBack(bundles.get(i), taken.get(i));
      chosen[i] = null;
    }
  }

  private @Nullable List<NodeLedger> undoAll() {
    for (int i = 0; i < chosen.length; i++) {
      undo(i);
    }
    return null;
  }

  private List<NodeLedger> finish() {
    List<NodeLedger> found = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      NodeLedger node = chosen[i];
      if (node == null) {
        throw new IllegalStateException("Bundle " + i + " has no node");
      }
      found.add(node);
    }
    undoAll();
    return found;
  }

  private static double largestPart(Resources r) {
    return Math.max(r.cpuMilli() / 64_000.0, r.memoryBytes() / (double) (256L << 30));
  }
}
