// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import static java.util.Objects.requireNonNull;

import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.GpuShare;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.scheduling.NodeUsage;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import dev.partita.scheduling.RetryPolicy;
import dev.partita.scheduling.Round;
import dev.partita.scheduling.Scheduler;
import dev.partita.scheduling.Where;
import dev.partita.scheduling.simulation.SimulatedDatabase.JobRow;
import dev.partita.scheduling.simulation.SimulatedDatabase.NodeRow;
import dev.partita.scheduling.simulation.SimulatedDatabase.Row;
import dev.partita.scheduling.simulation.SimulatedDatabase.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What must hold at every moment, reckoned anew from the rows. Each failure names the seed. */
final class Invariants {
  private final long seed;
  private final List<NodeState> allNodes;
  private final Map<BundleId, Long> lastAttempt = new HashMap<>();

  /** How often what was to be tried happened. */
  private final Map<String, Integer> seen = new TreeMap<>();

  Invariants(long seed, List<NodeState> allNodes) {
    this.seed = seed;
    this.allNodes = allNodes;
  }

  /** Before anything of the round is written: by what the leader knows itself. */
  void decided(Round round, Scheduler scheduler, SimulatedDatabase database) {
    if (round.assignments().isEmpty()) {
      return;
    }
    Map<NodeId, NodeState> known = new HashMap<>();
    scheduler.nodes().forEach(usage -> known.put(usage.node().id(), usage.node()));
    for (Round.Assignment assignment : round.assignments()) {
      for (Placement placement : assignment.placements()) {
        check(
            !database.row(placement.bundle()).job.stopped,
            () -> "starts what it knows to be withdrawn: " + placement);
        NodeState node = known.get(placement.node());
        check(node != null, () -> "on a node it knows to be gone: " + placement);
        check(!requireNonNull(node).draining(), () -> "on a node it knows to drain: " + placement);
      }
    }
  }

  /** After the rows of the assignment were written. */
  void assigned(Round.Assignment assignment, SimulatedDatabase database) {
    for (Placement placement : assignment.placements()) {
      Row row = database.row(placement.bundle());
      Demand demand = row.job.demand;
      check(!row.job.stopped, () -> "starts though stopped: " + placement);
      check(
          lastAttempt.getOrDefault(row.id, 0L) < placement.attempt(),
          () -> "fencing token does not grow: " + placement);
      lastAttempt.put(row.id, placement.attempt());
      saw("placement");
      NodeRow node = database.nodeOf(placement);
      check(allowed(demand.where(), node.state.traits()), () -> "on a wrong node: " + placement);
      check(
          demand.retry().exhausted(row.history).isEmpty(), () -> "beyond its attempts: " + row.id);
      gpusFit(demand, placement);
      notOverCommitted(node);
    }
    Row first = database.row(assignment.placements().get(0).bundle());
    together(first.job, assignment);
    apartOrTogether(first.job);
  }

  private static boolean allowed(Where where, NodeTraits node) {
    boolean pool = where.pools().isEmpty();
    for (String name : where.pools()) {
      pool |= name.equals(node.pool());
    }
    boolean labels = true;
    for (Map.Entry<String, String> label : where.labels().entrySet()) {
      labels &= label.getValue().equals(node.labels().get(label.getKey()));
    }
    String hash = where.applicationHash();
    return pool && labels && (hash.isEmpty() || hash.equals(node.applicationHash()));
  }

  private void gpusFit(Demand demand, Placement placement) {
    long asked = resources(demand, placement.bundle()).gpuMilli();
    long given = placement.gpus().stream().mapToLong(GpuShare::milli).sum();
    check(asked == given, () -> "asks " + asked + " of GPUs, gets " + placement);
    check(
        placement.gpus().size() == (asked + 999) / 1000,
        () -> "a part of a GPU on several: " + placement);
  }

  private void notOverCommitted(NodeRow node) {
    Resources used = Resources.ZERO;
    long[] devices = new long[node.state.gpus()];
    for (Row row : node.running.values()) {
      used = used.plus(resources(row.job.demand, row.id));
      for (GpuShare share : requireNonNull(row.placement).gpus()) {
        devices[share.device()] += share.milli();
        check(devices[share.device()] <= 1000, () -> "a GPU given out twice on " + node.state.id());
      }
    }
    Resources all = used;
    check(used.fitsIn(node.state.total()), () -> "more than " + node.state + " has: " + all);
  }

  private void together(JobRow job, Round.Assignment assignment) {
    if (!job.demand.group().isGang()) {
      check(
          assignment.placements().size() == 1,
          () -> "bundles tied that are no gang: " + assignment);
      return;
    }
    int started = assignment.placements().size();
    saw(started < job.rows.size() ? "smaller gang" : "gang");
    long left = job.rows.stream().filter(r -> r.state == State.WAITING).count() + started;
    check(
        started >= Math.min(job.demand.group().gangMin(), left),
        () -> "a gang of " + left + " starts with " + started);
    long running = job.rows.stream().filter(r -> r.state == State.RUNNING).count();
    check(running == started, () -> "a gang starts while a member runs: " + assignment);
    check(
        assignment.placements().stream().map(Placement::attempt).distinct().count() == 1,
        () -> "members of different attempts: " + assignment);
  }

  private void apartOrTogether(JobRow job) {
    Set<NodeId> on = new HashSet<>();
    int running = 0;
    for (Row row : job.rows) {
      if (row.state == State.RUNNING) {
        on.add(requireNonNull(row.placement).node());
        running++;
      }
    }
    PlacementStrategy strategy = job.demand.group().strategy();
    int together = running;
    check(
        strategy != PlacementStrategy.STRICT_PACK || on.size() <= 1,
        () -> "STRICT_PACK on " + on + ": " + job.demand.id());
    check(
        strategy != PlacementStrategy.STRICT_SPREAD || on.size() == running,
        () -> "STRICT_SPREAD of " + together + " on " + on + ": " + job.demand.id());
  }

  void refused(Round.Refusal refusal, Row row, SimulatedDatabase database) {
    check(!refusal.reason().isEmpty(), () -> "no reason: " + refusal);
    saw(refusal.infeasible() ? "infeasible" : refusal.reason().split("[: ]", 2)[0]);
    Demand demand = row.job.demand;
    if (refusal.infeasible()) {
      boolean possible =
          database.nodes.values().stream()
              .filter(node -> node.alive)
              .anyMatch(
                  node ->
                      !demand.group().isGang()
                          && allowed(demand.where(), node.state.traits())
                          && resources(demand, refusal.bundle()).fitsIn(node.state.total()));
      check(!possible, () -> "refused, though a node could run it: " + refusal);
    } else {
      RetryPolicy retry = demand.retry();
      check(
          row.job.rows.stream().anyMatch(r -> retry.exhausted(r.history).isPresent()),
          () -> "refused with attempts left: " + refusal);
    }
  }

  /** After a round of the leader was written: whose gang lost a member is told to stop. */
  void brokenGangsStop(SimulatedDatabase database) {
    for (NodeRow node : database.nodes.values()) {
      for (Row row : node.running.values()) {
        if (row.job.demand.group().isGang() && !row.abort) {
          check(
              row.job.rows.stream()
                  .noneMatch(
                      other ->
                          other.state == State.WAITING
                              && other.history.attempt() == row.history.attempt()),
              () -> "goes on though a member of its gang does not: " + row.id);
        }
      }
    }
  }

  /** The leader has read all changes and waits for no commit. */
  void leaderKnows(Scheduler scheduler, SimulatedDatabase database) {
    Set<Placement> rows = new HashSet<>();
    database.nodes.values().stream()
        .filter(n -> n.alive)
        .forEach(n -> n.running.values().forEach(r -> rows.add(requireNonNull(r.placement))));
    Set<Placement> known = new HashSet<>(scheduler.running());
    check(rows.equals(known), () -> "the leader believes " + known + ", the rows say " + rows);
  }

  /** Nothing runs, nothing waits, all faults are over. */
  void atTheEnd(Scheduler scheduler, SimulatedDatabase database) {
    for (JobRow job : database.jobs.values()) {
      for (Row row : job.rows) {
        check(
            row.state == State.COMPLETED || row.state == State.FAILED,
            () ->
                "never ended: "
                    + job.demand
                    + " row "
                    + row.id
                    + " "
                    + row.state
                    + " "
                    + row.history
                    + ": "
                    + scheduler.waitingReason(job.demand.id())
                    + "; nodes "
                    + scheduler.nodes());
        check(row.completions <= 1, () -> "completed twice: " + row.id);
        check(
            row.history.failures() <= job.demand.retry().attempts(), () -> "too often: " + row.id);
        check(row.history.nodesLost() <= RetryPolicy.QUARANTINE_AFTER, () -> "poison: " + row.id);
      }
    }
    check(scheduler.demands() == 0, () -> "demands left: " + scheduler.demands());
    for (NodeUsage usage : scheduler.nodes()) {
      check(
          usage.free().equals(usage.node().total()) && usage.running() == 0,
          () -> "not all given back: " + usage);
    }
    check(!allNodes.isEmpty(), () -> "no nodes");
  }

  void saw(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  Map<String, Integer> seen() {
    return seen;
  }

  private static Resources resources(Demand demand, BundleId id) {
    return demand.group().bundles().get(id.index()).resources();
  }

  void check(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new AssertionError("seed " + seed + ": " + otherwise.get());
    }
  }
}
