// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.ServerProcess;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Each round classifies all texts and is killed twice: inside a chunk commit, and at a random
 * instant after the restart.
 */
class ClassifyKillsIT {

  @Test
  void killedClassificationsGiveEachTextOneLabel() {
    Random random = new Random(Killer.seed());
    try (ServerProcess server = TestServer.create("classify-kills").start()) {
      Killer killer = new Killer(server);
      MainJob job = new MainJob(server.client("admin"));
      job.train(MainJob.quickTraining("text", 2));
      for (int round = 0; round < Killer.rounds(); round++) {
        killer.arm("chunk-commit", 3 + random.nextInt(25));
        server.stop();
        server.start();
        long instance = job.client().submit("classify-text", MainJob.classifying("text"));
        killer.awaitFault();
        int committed = committed(job, instance);
        killer.killAndRevive();
        assertThat(committed(job, instance))
            .as("what was committed before the kill is still there")
            .isGreaterThanOrEqualTo(committed);
        double share = 0.4 + 0.2 * random.nextDouble();
        assertThat(Killer.awaitShare(job.client(), instance, "classify", share))
            .as("reaches %.2f of step classify before its end", share)
            .isTrue();
        int later = committed(job, instance);
        killer.killAndRevive();
        job.completes(instance);
        assertThat(later).as("the second run went on").isGreaterThan(committed);
        assertThat(job.client().executions(instance)).hasSize(3);
        job.classifiedEachTextOnce(instance);
      }
      System.out.printf(
          "%d classifications killed inside a chunk commit and at a random instant each%n",
          Killer.rounds());
    }
  }

  private static int committed(MainJob job, long instance) {
    int total = job.client().predictions(instance).getInt("total");
    assertThat(total).as("texts committed, with work left").isBetween(1, MainJob.TEXTS - 1);
    return total;
  }
}
