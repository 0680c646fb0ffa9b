// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Each round trains once and is killed twice: inside a checkpoint write, and at a random instant
 * after the restart. The last round's restart is asked for by REST, the others happen by
 * themselves.
 */
class TrainingKillsIT {
  private static final int[] RANKS = {2, 1, 4};

  /**
   * Of a checkpoint: the writes counted to here are those of the first, which is to be committed.
   */
  private static final int TWO_FILES = 2;

  /** Iterations of a second or two, on the fastest of machines: events trail what they tell of. */
  private static final int UNTOLD = 300;

  @Test
  void killedTrainingsContinueAtTheirCheckpointAndEndWithTheWeightsOfAnUnkilledOne() {
    Random random = new Random(Killer.seed());
    try (ServerProcess server = TestServer.create("training-kills").start()) {
      Killer killer = new Killer(server);
      MainJob job = new MainJob(server.client("admin"));
      String unkilled = job.weights("unkilled", job.train(training("unkilled", 2)));
      for (int round = 0; round < Killer.rounds(); round++) {
        String model = "killed-" + round;
        boolean manual = round == Killer.rounds() - 1;
        killer.arm("checkpoint-write", TWO_FILES + 1 + random.nextInt(6));
        server.with("partita.jobs.recovery", manual ? "manual" : "restart");
        server.stop();
        server.start();
        Map<String, String> parameters = training(model, RANKS[round % RANKS.length]);
        long instance = job.client().submit("train-text", parameters);
        killer.awaitFault();
        killer.killAndRevive();
        restartIf(manual, job.client(), instance);
        double share = 0.3 + 0.4 * random.nextDouble();
        assertThat(Killer.awaitShare(job.client(), instance, "train", share))
            .as("reaches %.2f of step train before its end", share)
            .isTrue();
        killer.killAndRevive();
        restartIf(manual, job.client(), instance);
        job.completes(instance);
        continuedEachTime(job.client(), instance);
        assertThat(job.weights(model, instance)).as("weights").isEqualTo(unkilled);
      }
      System.out.printf(
          "%d trainings killed inside a checkpoint write and at a random instant each%n",
          Killer.rounds());
    }
  }

  /** Long enough for a kill at a drawn instant to come before the end on any machine. */
  private static Map<String, String> training(String model, int ranks) {
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining(model, ranks));
    parameters.put("epochs", "3");
    return parameters;
  }

  private static void restartIf(boolean manual, PartitaClient client, long instance) {
    if (manual) {
      client.restart(instance);
    }
  }

  private static void continuedEachTime(PartitaClient client, long instance) {
    JobHistory history = JobHistory.read(client, instance);
    List<Long> executions =
        client.executions(instance).stream()
            .map((JsonObject e) -> e.getJsonNumber("executionId").longValue())
            .sorted()
            .toList();
    assertThat(executions).as("executions: one, and one after each kill").hasSize(3);
    for (int i = 0; i + 1 < executions.size(); i++) {
      long killed = executions.get(i);
      long next = executions.get(i + 1);
      // Events trail the commits they tell of, so what was committed is what the next run found.
      long committed = history.resumedAt(next).orElse(0);
      assertThat(committed).as("iteration committed before kill %d", i + 1).isPositive();
      assertThat(history.checkpoints(killed))
          .as("no checkpoint told of before kill %d is lost", i + 1)
          .allMatch(iteration -> iteration <= committed);
      assertThat(Math.max(committed, history.lastDone(killed, "train").orElse(0)))
          .as("work left at kill %d", i + 1)
          .isLessThan(history.total("train"));
      assertThat(history.firstDone(next, "train").orElseThrow())
          .as("the run after kill %d begins at the checkpoint", i + 1)
          .isGreaterThanOrEqualTo(committed);
      long told = history.lastDone(killed, "train").orElse(0);
      assertThat(history.redone(next))
          .as("iterations run again after kill %d, up to the last one computed", i + 1)
          .singleElement()
          .satisfies(
              again -> assertThat(again).isBetween(told - committed, told - committed + UNTOLD));
      assertThat(history.checkpoints(next))
          .as("nothing committed before kill %d is done again", i + 1)
          .isNotEmpty()
          .allMatch(iteration -> iteration >= committed);
    }
  }
}
