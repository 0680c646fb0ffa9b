// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.Round;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One run from one seed. */
final class Simulation {
  private static final long TICK_MILLIS = 1_000;
  private static final long JOBS_UNTIL = 40_000;
  private static final long FAULTS_UNTIL = 90_000;

  /** By then everything has ended: faults are over, each run takes seconds. */
  private final long deadline;

  private record Event(long at, long sequence, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.sequence, b.sequence));
  private final SplittableRandom random;
  private final Invariants invariants;
  private final SimulatedDatabase database;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private long now;
  private long sequence;
  private long trace = 0xcbf29ce484222325L;
  private final int jobs;
  private int submitted;

  /**
   * A run of a few jobs, or of thousands.
   *
   * @param jobs that are submitted in the first 40 seconds
   */
  Simulation(long seed, int jobs) {
    this.random = new SplittableRandom(seed);
    this.jobs = jobs;
    this.deadline = FAULTS_UNTIL + 600_000 + jobs * 10_000L;
    Scenario scenario = new Scenario(random.split());
    List<NodeState> states = scenario.nodes();
    this.invariants = new Invariants(seed, states);
    this.database = new SimulatedDatabase(invariants);
    for (NodeState state : states) {
      SimulatedNode node = new SimulatedNode(state, database, random.split());
      node.failureRate = random.nextInt(3) == 0 ? 0.05 : 0;
      nodes.add(node);
      at(random.nextInt(1000), () -> tick(node, node.life));
    }
    boolean many = jobs > 100;
    for (int i = 0; i < jobs; i++) {
      String id = "job" + i;
      Demand demand = many && random.nextInt(10) > 0 ? scenario.small(id) : scenario.demand(id);
      long when = 2_000 + random.nextLong(JOBS_UNTIL - 2_000);
      at(when, () -> submit(demand));
      if (random.nextInt(10) == 0) {
        at(when + random.nextLong(20_000), () -> database.stop(id));
      }
      if (!many && random.nextInt(20) == 0) {
        BundleId poison = new BundleId(id, 0);
        nodes.forEach(node -> node.poison = poison);
      }
    }
    int faults = random.nextInt(12);
    for (int i = 0; i < faults; i++) {
      SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
      at(3_000 + random.nextLong(FAULTS_UNTIL - 3_000), () -> fault(node));
    }
  }

  /** Runs to the end; the hash of all that happened. */
  long run() {
    SimulatedLeader leader = null;
    while (leader == null) {
      Event event = events.remove();
      now = event.at;
      database.setNow(now);
      event.action.run();
      if (submitted == jobs && now > FAULTS_UNTIL + 60_000) {
        leader = now > deadline ? anyLeader() : idleLeader();
      }
    }
    invariants.atTheEnd(leader.scheduler, database);
    note(invariants.seen().hashCode());
    return trace;
  }

  Map<String, Integer> seen() {
    return invariants.seen();
  }

  private void submit(Demand demand) {
    submitted++;
    database.submit(demand);
  }

  private SimulatedLeader anyLeader() {
    return nodes.stream()
        .map(node -> node.leader)
        .filter(leader -> leader != null)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody leads"));
  }

  private @Nullable SimulatedLeader idleLeader() {
    for (SimulatedNode node : nodes) {
      if (node.leader != null && node.leader.isIdle()) {
        return node.leader;
      }
    }
    return null;
  }

  private void at(long when, Runnable action) {
    events.add(new Event(when, sequence++, action));
  }

  private void note(long what) {
    trace = (trace ^ what) * 0x100000001b3L;
  }

  private void tick(SimulatedNode node, int life) {
    if (node.life != life) {
      return;
    }
    if (now < node.frozenUntil) {
      at(node.frozenUntil, () -> tick(node, life));
      return;
    }
    note(now * 31 + node.description().id().name().hashCode());
    if (!node.tick(now)) {
      kill(node);
      return;
    }
    if (now >= node.cutOffUntil && node.incarnation > 0) {
      lead(node);
    }
    at(now + TICK_MILLIS, () -> tick(node, life));
  }

  private void lead(SimulatedNode node) {
    long token = database.lead(node.description().id());
    Instant local = Instant.ofEpochMilli(now + node.clockOffsetMillis);
    if (token == 0) {
      node.leader = null;
      return;
    }
    if (node.leader == null || node.leader.token != token) {
      node.leader = new SimulatedLeader(token, database, invariants, local);
    }
    SimulatedLeader leader = node.leader;
    for (Round.Assignment assignment : leader.decide(local)) {
      if (random.nextInt(4) > 0) {
        write(leader, assignment);
      } else {
        // it may die, freeze or be cut off in between
        int life = node.life;
        at(now + random.nextLong(1_500), () -> writeLater(node, life, leader, assignment));
      }
    }
  }

  private void writeLater(
      SimulatedNode node, int life, SimulatedLeader leader, Round.Assignment assignment) {
    long free = Math.max(node.frozenUntil, node.cutOffUntil);
    if (node.life == life && now < free) {
      at(free, () -> writeLater(node, life, leader, assignment));
    } else if (node.life == life) {
      write(leader, assignment);
    }
  }

  private void write(SimulatedLeader leader, Round.Assignment assignment) {
    boolean written = leader.write(assignment);
    for (Placement placement : assignment.placements()) {
      note(placement.hashCode() * 2L + (written ? 1 : 0));
      for (int rings = written ? random.nextInt(3) : 0; rings > 0; rings--) {
        at(now + random.nextLong(3_000), () -> ring(placement)); // lost, late, or twice
      }
    }
  }

  private void ring(Placement placement) {
    for (SimulatedNode node : nodes) {
      boolean hears = !node.dead && now >= node.frozenUntil && now >= node.cutOffUntil;
      if (hears && node.description().id().equals(placement.node())) {
        node.takeWhatIsMine();
      }
    }
  }

  private void fault(SimulatedNode node) {
    switch (random.nextInt(6)) {
      case 0, 1 -> kill(node);
      case 2 -> node.frozenUntil = now + 1_000 + random.nextLong(40_000);
      case 3 -> node.cutOffUntil = now + 1_000 + random.nextLong(40_000);
      case 4 -> node.clockOffsetMillis = random.nextLong(-3_600_000, 3_600_000);
      default -> {
        if (node.incarnation > 0 && now >= node.frozenUntil) {
          node.draining = true;
          database.drain(node.description().id(), node.incarnation);
        }
      }
    }
  }

  private void kill(SimulatedNode node) {
    if (!node.dead) {
      node.die();
      at(now + 500 + random.nextLong(20_000), () -> restart(node));
    }
  }

  private void restart(SimulatedNode node) {
    node.dead = false;
    tick(node, node.life);
  }
}
