// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives what waits its nodes, and takes them back: the ledgers and the shares change here only. */
final class Placer {
  private final NodeTable nodes;
  private final FairShare shares;
  private final NodeChoice choice;
  private final Reservations reservations;
  private final WaitingEntries waiting;

  Placer(NodeTable nodes, FairShare shares, Reservations reservations, WaitingEntries waiting) {
    this.nodes = nodes;
    this.shares = shares;
    this.choice = new NodeChoice(nodes);
    this.reservations = reservations;
    this.waiting = waiting;
  }

  /** How many of its bundles found a node: all of a gang, or one. */
  int start(WaitingEntry entry, List<Round.Assignment> assignments) {
    List<Placement> placements = entry.work().isGang() ? startGang(entry) : startOne(entry);
    if (placements.isEmpty()) {
      return 0;
    }
    assignments.add(new Round.Assignment(placements));
    entry.overtaken(null);
    reservations.release(entry);
    TenantQueue tenant = shares.of(entry.work().demand().share());
    shares.served(tenant);
    tenant.served(entry, nodes.shareOf(entry.queue().shape.bundles().get(0)));
    if (entry.work().isGang() || entry.bundles().isEmpty()) {
      waiting.dequeue(entry);
    }
    return placements.size();
  }

  private List<Placement> startOne(WaitingEntry entry) {
    int bundle = entry.bundles().first();
    NodeLedger node = choice.forOne(entry, bundle);
    if (node == null) {
      return List.of();
    }
    entry.bundles().remove(bundle);
    return List.of(place(entry.work(), bundle, node, entry.work().history(bundle).attempt() + 1));
  }

  private List<Placement> startGang(WaitingEntry entry) {
    List<NodeLedger> found = choice.forGang(entry);
    if (found == null) {
      found = reservations.ready(entry);
    }
    if (found == null) {
      return List.of();
    }
    List<Integer> members = List.copyOf(entry.bundles());
    long attempt = 1;
    for (int member : members) {
      attempt = Math.max(attempt, entry.work().history(member).attempt() + 1);
    }
    List<Placement> placements = new ArrayList<>();
    for (int i : BundlePacking.order(entry.queue().shape.bundles().subList(0, found.size()))) {
      placements.add(place(entry.work(), members.get(i), found.get(i), attempt));
    }
    return placements;
  }

  private Placement place(Work work, int bundle, NodeLedger node, long attempt) {
    work.history(bundle, work.history(bundle).withAttempt(attempt));
    Placement placement =
        new Placement(
            new BundleId(work.id(), bundle),
            attempt,
            node.node().id(),
            node.node().incarnation(),
            node.take(work.resources(bundle)));
    run(work, placement, node);
    return placement;
  }

  /** It runs there, as far as anybody knows; without a node its end is still to be told. */
  void run(Work work, Placement placement, @Nullable NodeLedger node) {
    shares.of(work.demand().share()).use(work.resources(placement.bundle().index()), 1);
    work.started(placement, node);
    if (node != null) {
      node.placements().put(placement.bundle(), placement);
      if (work.suspect(placement.bundle().index())) {
        node.suspects().add(placement.bundle());
      }
    }
  }

  /** It runs no more: what it had is free. */
  void free(Work work, Placement placement) {
    int bundle = placement.bundle().index();
    NodeLedger node = nodes.find(placement.node(), placement.incarnation());
    shares.of(work.demand().share()).use(work.resources(bundle), -1);
    work.stopped(bundle, node);
    if (node != null) {
      node.placements().remove(placement.bundle());
      node.suspects().remove(placement.bundle());
      node.giveBack(work.resources(bundle), placement.gpus());
    }
    nodes.moreRoom();
  }
}
