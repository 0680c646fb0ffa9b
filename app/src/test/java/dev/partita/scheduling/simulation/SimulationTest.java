// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code -Dpartita.simulation.seeds=100000} runs as many, from 0 on. */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("partita.simulation.seeds", 2_000);
  private static final int LARGE_EVERY = 500;
  private static final String[] TO_BE_SEEN = {
    "placement", "gang", "smaller gang", "COMPLETED", "FAILED", "PREEMPTED", "NODE_LOST",
    "GANG_ABORTED", "infeasible", "quarantined", "failed", "moved", "its", "write fenced",
    "assignment of a former leader", "assignment too late", "leader"
  };

  @Test
  void noFaultsBreakAnInvariant() {
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation simulation = simulationOf(seed);
      simulation.run();
      simulation.seen().forEach((what, count) -> seen.merge(what, count, Integer::sum));
    }
    System.out.println("Simulation of " + SEEDS + " seeds saw " + seen);
    assertThat(seen).containsKeys(TO_BE_SEEN);
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(simulationOf(seed).run()).isEqualTo(simulationOf(seed).run());
    }
    assertThat(simulationOf(1).run()).isNotEqualTo(simulationOf(2).run());
  }

  private static Simulation simulationOf(long seed) {
    return new Simulation(seed, seed % LARGE_EVERY == 7 ? 2_000 : 3 + (int) (seed % 25));
  }
}
