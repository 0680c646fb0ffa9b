// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that waits: in the queues of its tenants, and by the work it belongs to. */
final class WaitingEntries {
  private final NodeTable nodes;
  private final FairShare shares;
  private final Reservations reservations;
  private final Map<Work, List<WaitingEntry>> waiting = new HashMap<>();
  private long sequence;

  WaitingEntries(NodeTable nodes, FairShare shares, Reservations reservations) {
    this.nodes = nodes;
    this.shares = shares;
    this.reservations = reservations;
  }

  boolean isWaiting(Work work) {
    return waiting.containsKey(work);
  }

  /** Queues bundles of a work: a gang as one entry, others by shape. */
  void enqueue(Work work, List<Integer> bundles) {
    if (bundles.isEmpty()) {
      return;
    }
    TenantQueue tenant = shares.enter(work.demand().share());
    if (work.isGang()) {
      added(work, tenant.add(work, Shape.ofGang(work, bundles), bundles, sequence++));
      return;
    }
    Map<Shape, List<Integer>> byShape = new LinkedHashMap<>();
    for (int bundle : bundles) {
      byShape.computeIfAbsent(Shape.ofOne(work, bundle), s -> new ArrayList<>()).add(bundle);
    }
    byShape.forEach(
        (shape, some) -> {
          WaitingEntry known = entryOf(work, shape);
          if (known != null) {
            known.bundles().addAll(some);
          } else {
            added(work, tenant.add(work, shape, some, sequence++));
          }
        });
  }

  private void added(Work work, WaitingEntry entry) {
    entry.queue().blockedAt = -1;
    waiting.computeIfAbsent(work, w -> new ArrayList<>()).add(entry);
  }

  private @Nullable WaitingEntry entryOf(Work work, Shape shape) {
    for (WaitingEntry entry : waiting.getOrDefault(work, List.of())) {
      if (entry.queue().shape.equals(shape)) {
        return entry;
      }
    }
    return null;
  }

  List<WaitingEntry> entriesOf(Work work) {
    return List.copyOf(waiting.getOrDefault(work, List.of()));
  }

  void dequeue(WaitingEntry entry) {
    reservations.release(entry);
    shares.of(entry.work().demand().share()).remove(entry);
    List<WaitingEntry> left = waiting.get(entry.work());
    if (left != null && left.remove(entry) && left.isEmpty()) {
      waiting.remove(entry.work());
    }
  }

  /** Takes out what no known node could ever run, with the reasons. */
  Map<WaitingEntry, String> takeInfeasible() {
    Map<WaitingEntry, String> never = new LinkedHashMap<>();
    for (TenantQueue tenant : shares.tenants()) {
      for (ShapeQueue queue : tenant.queues()) {
        if (queue.feasibleAt != nodes.nodesVersion()) {
          queue.feasibleAt = nodes.nodesVersion();
          Optional<String> problem = Feasibility.problem(queue.shape, nodes.known());
          problem.ifPresent(reason -> queue.entries.forEach(entry -> never.put(entry, reason)));
        }
      }
    }
    never.keySet().forEach(this::dequeue);
    return never;
  }

  /** Why it does not start now, for a person. */
  String reasonOf(WaitingEntry entry) {
    if (entry.queue().blockedAt != nodes.roomVersion()) {
      return "waits for its turn";
    }
    Work work = entry.work();
    boolean home =
        work.demand().group().strategy() == PlacementStrategy.STRICT_PACK
            && !work.onNode().isEmpty();
    List<NodeLedger> kept = reservations.nodesOf(entry);
    return Feasibility.waiting(
            entry.queue().shape,
            entry.queue().candidates(nodes),
            home ? work.onNode().keySet().iterator().next() : null)
        + (kept.isEmpty()
            ? ""
            : "; kept for it: " + kept.stream().map(node -> node.node().id().name()).toList());
  }
}
