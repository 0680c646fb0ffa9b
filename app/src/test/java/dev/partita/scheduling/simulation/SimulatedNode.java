// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.simulation.SimulatedDatabase.NodeRow;
import dev.partita.scheduling.simulation.SimulatedDatabase.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A pod: renews its lease, runs what the rows say is its, commits, ends; may die, freeze, drain.
 */
final class SimulatedNode {
  private static final class Run {
    final Placement placement;
    int stepsLeft;

    Run(Placement placement, int steps) {
      this.placement = placement;
      this.stepsLeft = steps;
    }
  }

  private final NodeState description;
  private final RandomGenerator random;
  private final SimulatedDatabase database;
  private final Map<BundleId, Run> runs = new LinkedHashMap<>();
  @Nullable SimulatedLeader leader;
  long incarnation;

  /** Grows with every death, so that what was planned for a former life is void. */
  int life;

  boolean dead;
  boolean draining;
  long frozenUntil;
  long cutOffUntil;
  long clockOffsetMillis;
  double failureRate;
  @Nullable BundleId poison;

  SimulatedNode(NodeState description, SimulatedDatabase database, RandomGenerator random) {
    this.description = description;
    this.database = database;
    this.random = random;
  }

  NodeState description() {
    return description;
  }

  void die() {
    life++;
    dead = true;
    draining = false;
    incarnation = 0;
    frozenUntil = 0;
    runs.clear();
    leader = null;
  }

  /** One turn of its loop; false if it died of its work. */
  boolean tick(long now) {
    if (now < cutOffUntil) {
      return true; // computes on, commits nothing, takes nothing
    }
    if (incarnation == 0 || !database.heartbeat(description.id(), incarnation)) {
      for (Run stale : runs.values()) {
        if (database.commit(stale.placement)) {
          throw new AssertionError("a zombie's write passed: " + stale.placement);
        }
      }
      runs.clear();
      draining = false;
      leader = null;
      incarnation = database.join(description).incarnation();
    }
    takeWhatIsMine();
    if (poison != null && runs.containsKey(poison)) {
      return false;
    }
    for (Run run : new ArrayList<>(runs.values())) {
      advance(run);
    }
    if (draining && runs.isEmpty()) {
      database.leave(description.id(), incarnation);
      draining = false;
      incarnation = 0;
    }
    return true;
  }

  /** What a doorbell rings for, and what is done without one at every turn. */
  void takeWhatIsMine() {
    NodeRow mine = database.nodes.get(description.id());
    if (mine == null || mine.state.incarnation() != incarnation) {
      return;
    }
    for (Row row : List.copyOf(mine.running.values())) {
      Placement placement = row.placement;
      if (placement != null) {
        Run known = runs.get(row.id);
        if (known == null || known.placement.attempt() != placement.attempt()) {
          runs.put(row.id, new Run(placement, 1 + random.nextInt(6)));
        }
      }
    }
  }

  private void advance(Run run) {
    Placement placement = run.placement;
    if (!database.commit(placement)) {
      runs.remove(placement.bundle());
    } else if (database.row(placement.bundle()).abort) {
      end(run, AttemptEnd.GANG_ABORTED);
    } else if (draining) {
      end(run, AttemptEnd.PREEMPTED);
    } else if (random.nextDouble() < failureRate) {
      end(run, AttemptEnd.FAILED);
    } else if (--run.stepsLeft <= 0) {
      end(run, AttemptEnd.COMPLETED);
    }
  }

  private void end(Run run, AttemptEnd end) {
    runs.remove(run.placement.bundle());
    if (!database.end(run.placement, end)) {
      throw new AssertionError("it could commit and not end: " + run.placement);
    }
  }
}
