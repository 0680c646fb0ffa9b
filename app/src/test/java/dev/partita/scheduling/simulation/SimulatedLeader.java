// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import dev.partita.scheduling.Placement;
import dev.partita.scheduling.Round;
import dev.partita.scheduling.Scheduler;
import dev.partita.scheduling.SchedulerSettings;
import dev.partita.scheduling.simulation.SimulatedDatabase.Change;
import dev.partita.scheduling.simulation.SimulatedDatabase.Ended;
import dev.partita.scheduling.simulation.SimulatedDatabase.JobRow;
import dev.partita.scheduling.simulation.SimulatedDatabase.Joined;
import dev.partita.scheduling.simulation.SimulatedDatabase.Lost;
import dev.partita.scheduling.simulation.SimulatedDatabase.Submitted;
import dev.partita.scheduling.simulation.SimulatedDatabase.Withdrawn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the node that leads does: reads changes, asks the scheduler, writes what it says. */
final class SimulatedLeader {
  static final SchedulerSettings SETTINGS =
      new SchedulerSettings(
          Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(200));

  final long token;
  final Scheduler scheduler;
  private final SimulatedDatabase database;
  private final Invariants invariants;

  /** Ends that were told already and are told again later. */
  private final Deque<Ended> comesTwice = new ArrayDeque<>();

  private int read;

  /** Assignments that are decided and not yet written: another may lead before they are. */
  final List<Round.Assignment> unwritten = new ArrayList<>();

  /** Begins with the rows as they are. */
  SimulatedLeader(long token, SimulatedDatabase database, Invariants invariants, Instant now) {
    this.token = token;
    this.database = database;
    this.invariants = invariants;
    this.scheduler = new Scheduler(SETTINGS, now);
    this.read = database.changes.size();
    database.nodes.values().stream()
        .filter(node -> node.alive)
        .forEach(node -> scheduler.nodeJoined(node.state, p -> false));
    database.nodes.values().stream()
        .filter(node -> !node.alive)
        .forEach(node -> scheduler.nodeRemembered(node.state));
    for (JobRow job : database.jobs.values()) {
      if (!job.ended()) {
        scheduler.resume(job.demand, SimulatedDatabase.states(job));
        if (job.stopped || job.doomed) {
          scheduler.withdraw(job.demand.id());
        }
      }
    }
  }

  /** Decides; returns what is to be written with {@link #write}. */
  List<Round.Assignment> decide(Instant localTime) {
    database.expireNodes(token);
    while (read < database.changes.size()) {
      apply(database.changes.get(read++));
    }
    if (unwritten.isEmpty()) {
      invariants.leaderKnows(scheduler, database);
    }
    Ended late = comesTwice.poll();
    if (late != null) {
      scheduler.ended(late.placement(), late.end(), late.committed());
    }
    Round round = scheduler.schedule(localTime, 10_000);
    invariants.decided(round, scheduler, database);
    round.refusals().forEach(refusal -> database.refuse(token, refusal));
    round.aborts().forEach(placement -> database.abort(token, placement));
    invariants.brokenGangsStop(database);
    unwritten.addAll(round.assignments());
    return round.assignments();
  }

  private void apply(Change change) {
    if (change instanceof Submitted submitted) {
      scheduler.submit(submitted.demand());
    } else if (change instanceof Withdrawn withdrawn) {
      scheduler.withdraw(withdrawn.demand());
    } else if (change instanceof Joined joined) {
      scheduler.nodeJoined(joined.node(), p -> false);
    } else if (change instanceof Lost lost) {
      unwritten.stream()
          .filter(a -> a.placements().stream().anyMatch(p -> isOn(p, lost)))
          .toList()
          .forEach(this::giveUp);
      scheduler.nodeLost(
          lost.node(), lost.incarnation(), p -> lost.committed().contains(p.bundle()));
    } else if (change instanceof Ended ended) {
      scheduler.ended(ended.placement(), ended.end(), ended.committed());
      comesTwice.add(ended);
    }
  }

  private static boolean isOn(Placement placement, Lost lost) {
    return placement.node().equals(lost.node()) && placement.incarnation() == lost.incarnation();
  }

  /** The rows will refuse it. */
  private void giveUp(Round.Assignment assignment) {
    unwritten.remove(assignment);
    scheduler.rejected(assignment);
  }

  /** Whether the rows took it; the scheduler is told when they did not. */
  boolean write(Round.Assignment assignment) {
    unwritten.remove(assignment);
    boolean written = database.assign(token, assignment);
    if (!written) {
      scheduler.rejected(assignment); // again, if it was given up: nothing happens
    }
    return written;
  }

  boolean isIdle() {
    return unwritten.isEmpty() && scheduler.demands() == 0 && read == database.changes.size();
  }
}
