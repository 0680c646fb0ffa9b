// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.AttemptHistory;
import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.BundleState;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.Round;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows, and the transactions on them: each method is one. Time is the database's own. */
final class SimulatedDatabase {
  static final long LEASE_MILLIS = 10_000;

  enum State {
    WAITING,
    RUNNING,
    COMPLETED,
    FAILED
  }

  /** A bundle's row. */
  static final class Row {
    final JobRow job;
    final BundleId id;
    State state = State.WAITING;
    AttemptHistory history = AttemptHistory.NONE;
    @Nullable Placement placement;
    boolean committed;
    boolean abort;
    String reason = "";
    int completions;

    Row(JobRow job, int bundle) {
      this.job = job;
      this.id = new BundleId(job.demand.id(), bundle);
    }
  }

  static final class JobRow {
    final Demand demand;
    final List<Row> rows = new ArrayList<>();
    boolean stopped;
    boolean doomed;

    JobRow(Demand demand) {
      this.demand = demand;
      for (int i = 0; i < demand.group().bundles().size(); i++) {
        rows.add(new Row(this, i));
      }
    }

    boolean ended() {
      return rows.stream().allMatch(r -> r.state == State.COMPLETED || r.state == State.FAILED);
    }
  }

  static final class NodeRow {
    NodeState state;
    long leaseUntil;
    boolean alive = true;
    final Map<BundleId, Row> running = new LinkedHashMap<>();

    NodeRow(NodeState state) {
      this.state = state;
    }
  }

  /** What changed, in order: the leader reads on from where it was. */
  sealed interface Change {}

  record Submitted(Demand demand) implements Change {}

  record Withdrawn(String demand) implements Change {}

  record Joined(NodeState node) implements Change {}

  record Lost(NodeId node, long incarnation, Set<BundleId> committed) implements Change {}

  record Ended(Placement placement, AttemptEnd end, boolean committed) implements Change {}

  final Map<String, JobRow> jobs = new LinkedHashMap<>();
  final Map<NodeId, NodeRow> nodes = new TreeMap<>();
  final List<Change> changes = new ArrayList<>();
  private final Invariants invariants;
  private long now;
  private @Nullable NodeId leader;
  private long leaderToken;
  private long leaderUntil;

  SimulatedDatabase(Invariants invariants) {
    this.invariants = invariants;
  }

  void setNow(long millis) {
    now = millis;
  }

  void submit(Demand demand) {
    jobs.put(demand.id(), new JobRow(demand));
    changes.add(new Submitted(demand));
  }

  void stop(String demand) {
    JobRow job = jobs.get(demand);
    if (job != null && !job.ended()) {
      job.stopped = true;
      job.rows.stream().filter(r -> r.state == State.WAITING).forEach(r -> fail(r, "stopped"));
      changes.add(new Withdrawn(demand));
    }
  }

  /** The token under which this node leads now, or 0. */
  long lead(NodeId node) {
    if (!node.equals(leader) || now >= leaderUntil) {
      if (leader != null && now < leaderUntil) {
        return 0;
      }
      leader = node;
      invariants.saw("leader");
      leaderToken++;
    }
    leaderUntil = now + LEASE_MILLIS;
    return leaderToken;
  }

  NodeState join(NodeState node) {
    NodeRow old = nodes.get(node.id());
    if (old != null && old.alive) {
      lose(old);
    }
    long incarnation = old == null ? 1 : old.state.incarnation() + 1;
    NodeState joined = new NodeState(node.id(), incarnation, node.traits(), node.total(), false);
    NodeRow row = new NodeRow(joined);
    row.leaseUntil = now + LEASE_MILLIS;
    nodes.put(node.id(), row);
    changes.add(new Joined(joined));
    return joined;
  }

  /** False: that incarnation is dead. */
  boolean heartbeat(NodeId id, long incarnation) {
    NodeRow node = nodes.get(id);
    if (node == null || !node.alive || node.state.incarnation() != incarnation) {
      return false;
    }
    node.leaseUntil = now + LEASE_MILLIS;
    return true;
  }

  void drain(NodeId id, long incarnation) {
    NodeRow node = nodes.get(id);
    if (node != null && node.alive && node.state.incarnation() == incarnation) {
      node.state = node.state.drained();
      changes.add(new Joined(node.state));
    }
  }

  void leave(NodeId id, long incarnation) {
    NodeRow node = nodes.get(id);
    if (node != null && node.alive && node.state.incarnation() == incarnation) {
      lose(node);
    }
  }

  void expireNodes(long token) {
    if (token == leaderToken) {
      nodes.values().stream().filter(n -> n.alive && n.leaseUntil < now).forEach(this::lose);
    }
  }

  private void lose(NodeRow node) {
    node.alive = false;
    Set<BundleId> committed = new HashSet<>();
    for (Row row : List.copyOf(node.running.values())) {
      if (row.committed) {
        committed.add(row.id);
      }
      ended(row, AttemptEnd.NODE_LOST);
    }
    changes.add(new Lost(node.state.id(), node.state.incarnation(), committed));
  }

  /** All placements or none; false: none, for ever. */
  boolean assign(long token, Round.Assignment assignment) {
    if (token != leaderToken) {
      invariants.saw("assignment of a former leader");
      return false;
    }
    for (Placement placement : assignment.placements()) {
      Row row = row(placement.bundle());
      NodeRow node = nodes.get(placement.node());
      if (row.state != State.WAITING
          || row.history.attempt() >= placement.attempt()
          || node == null
          || !node.alive
          || node.state.draining()
          || node.state.incarnation() != placement.incarnation()) {
        invariants.saw("assignment too late");
        return false;
      }
    }
    for (Placement placement : assignment.placements()) {
      Row row = row(placement.bundle());
      row.state = State.RUNNING;
      row.history = row.history.withAttempt(placement.attempt());
      row.placement = placement;
      row.committed = false;
      row.abort = false;
      nodeOf(placement).running.put(row.id, row);
    }
    invariants.assigned(assignment, this);
    return true;
  }

  void abort(long token, Placement placement) {
    Row row = row(placement.bundle());
    if (token == leaderToken && holds(row, placement)) {
      row.abort = true;
    }
  }

  void refuse(long token, Round.Refusal refusal) {
    Row row = row(refusal.bundle());
    if (token != leaderToken) {
      return;
    }
    invariants.refused(refusal, row, this);
    if (row.state == State.WAITING) {
      fail(row, refusal.reason());
    } else if (row.state == State.RUNNING) {
      row.job.doomed = true;
      row.reason = refusal.reason();
    }
  }

  /** One transaction of the work itself; false: fenced out. */
  boolean commit(Placement placement) {
    Row row = row(placement.bundle());
    if (!holds(row, placement)) {
      invariants.saw("write fenced");
      return false;
    }
    row.committed = true;
    return true;
  }

  boolean end(Placement placement, AttemptEnd end) {
    Row row = row(placement.bundle());
    if (!holds(row, placement)) {
      invariants.saw("write fenced");
      return false;
    }
    boolean committed = row.committed || end == AttemptEnd.COMPLETED;
    ended(row, end);
    changes.add(new Ended(placement, end, committed));
    return true;
  }

  private static boolean holds(Row row, Placement placement) {
    return row.state == State.RUNNING && placement.equals(row.placement);
  }

  private void ended(Row row, AttemptEnd end) {
    Placement placement = row.placement;
    if (placement == null) {
      throw new AssertionError(row.id + " ends and runs nowhere");
    }
    nodeOf(placement).running.remove(row.id);
    boolean committed = row.committed || end == AttemptEnd.COMPLETED;
    row.history = row.history.after(end, committed);
    invariants.saw(end.toString());
    row.placement = null;
    if (!row.reason.isEmpty() || (row.job.stopped && end != AttemptEnd.COMPLETED)) {
      fail(row, row.reason.isEmpty() ? "stopped" : row.reason);
    } else if (end == AttemptEnd.COMPLETED) {
      row.state = State.COMPLETED;
      row.completions++;
      leaveOutUnplaced(row);
    } else {
      row.state = State.WAITING;
    }
  }

  /** A gang that ran with fewer members is done when those are. */
  private static void leaveOutUnplaced(Row done) {
    JobRow job = done.job;
    boolean more =
        !job.demand.group().isGang()
            || job.rows.stream()
                .anyMatch(
                    r ->
                        r.state == State.RUNNING
                            || (r.state == State.WAITING
                                && r.history.attempt() == done.history.attempt()));
    if (!more) {
      job.rows.stream()
          .filter(r -> r.state == State.WAITING)
          .forEach(r -> r.state = State.COMPLETED);
    }
  }

  private static void fail(Row row, String reason) {
    row.state = State.FAILED;
    row.reason = reason;
  }

  /** What a new leader reads of a job. */
  static List<BundleState> states(JobRow job) {
    return job.rows.stream()
        .map(
            r ->
                new BundleState(
                    r.history, r.placement, r.state == State.COMPLETED || r.state == State.FAILED))
        .toList();
  }

  Row row(BundleId id) {
    JobRow job = jobs.get(id.demand());
    if (job == null) {
      throw new AssertionError("No job " + id.demand());
    }
    return job.rows.get(id.index());
  }

  NodeRow nodeOf(Placement placement) {
    NodeRow node = nodes.get(placement.node());
    if (node == null) {
      throw new AssertionError("No node " + placement.node());
    }
    return node;
  }
}
