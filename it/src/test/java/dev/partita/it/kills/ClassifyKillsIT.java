// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.ServerProcess;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Each round classifies all texts and is killed twice: inside a chunk commit, and at a random
 * instant after the restart.
 */
class ClassifyKillsIT {
  /**
   * Texts a commit: fewer than usual, so that a kill comes before the end also on a quick machine.
   */
  private static final long CHUNK = 250;

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
        long instance = job.client().submit("classify-text", smallChunks());
        killer.awaitFault();
        int committed = committed(job, instance);
        killer.killAndRevive();
        assertThat(committed(job, instance))
            .as("what was committed before the kill is still there")
            .isGreaterThanOrEqualTo(committed);
        double share = 0.2 + 0.2 * random.nextDouble();
        assertThat(Killer.awaitShare(job.client(), instance, "classify", share))
            .as("reaches %.2f of step classify before its end", share)
            .isTrue();
        int later = committed(job, instance);
        killer.killAndRevive();
        job.completes(instance);
        assertThat(later).as("the second run went on").isGreaterThan(committed);
        assertThat(job.client().executions(instance)).hasSize(3);
        job.classifiedEachTextOnce(instance);
        toldWhatRanAgain(job, instance);
      }
      System.out.printf(
          "%d classifications killed inside a chunk commit and at a random instant each%n",
          Killer.rounds());
    }
  }

  private static Map<String, String> smallChunks() {
    Map<String, String> parameters = new TreeMap<>(MainJob.classifying("text"));
    parameters.put("itemCount", Long.toString(CHUNK));
    return parameters;
  }

  /**
   * The partition that was held inside the commit of a chunk computes that chunk again; each other
   * one its chunk in flight, if any.
   */
  private static void toldWhatRanAgain(MainJob job, long instance) {
    JobHistory history = JobHistory.read(job.client(), instance);
    List<Long> executions =
        job.client().executions(instance).stream()
            .map(e -> JobHistory.number(e, "executionId"))
            .sorted()
            .toList();
    assertThat(history.redone(executions.get(0))).isEmpty();
    assertThat(history.redone(executions.get(1)))
        .as("texts run again after the kill inside a commit")
        .isNotEmpty()
        .allMatch(texts -> texts <= CHUNK)
        .anyMatch(texts -> texts > 0);
    assertThat(history.redone(executions.get(2)))
        .as("texts run again after the kill at a random instant")
        .allMatch(texts -> texts <= CHUNK);
  }

  private static int committed(MainJob job, long instance) {
    int total = job.client().predictions(instance).getInt("total");
    assertThat(total).as("texts committed, with work left").isBetween(1, MainJob.TEXTS - 1);
    return total;
  }
}
