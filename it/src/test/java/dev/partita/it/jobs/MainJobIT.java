// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.SharedServer;
import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class MainJobIT {
  /** Two seconds are promised; a machine under test has other things to write. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  @Test
  void oneTwoAndFourRanksEndWithTheSameWeights(PartitaClient admin) {
    MainJob job = new MainJob(admin);
    List<String> weights =
        List.of(1, 2, 4).stream()
            .map(ranks -> job.weights("ranks", job.train(MainJob.quickTraining("ranks", ranks))))
            .toList();
    assertThat(weights).containsOnly(weights.get(0));
  }

  @Test
  void theRegisteredModelAnswersAndLabelsEachTextOnce(PartitaClient admin) {
    MainJob job = new MainJob(admin);
    long training = job.train(MainJob.quickTraining("answers", 2));
    JsonObject version = job.version("answers", training);
    assertThat(version.getJsonNumber("accuracy").doubleValue()).isGreaterThan(0.5);

    JsonObject answer = admin.infer("answers", List.of("a small domesticated feline mammal"));
    assertThat(answer.getString("model_name")).isEqualTo("answers");
    assertThat(answer.getJsonArray("outputs").toString()).contains("animal");

    long classifying = admin.submit("classify-text", MainJob.classifying("answers"));
    job.completes(classifying);
    job.classifiedEachTextOnce(classifying);
  }

  @Test
  void aModelBelowTheWantedAccuracyIsNotRegistered(PartitaClient admin) {
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining("poor", 2));
    parameters.put("minimumAccuracy", "0.99");
    long instance = admin.submit("train-text", parameters);
    admin.await(instance, MainJob.LIMIT);
    assertThat(admin.executions(instance).get(0).getString("exitStatus"))
        .as("exit status")
        .isNotEqualTo("COMPLETED");
    assertThat(admin.get("/api/models/poor/versions").body()).doesNotContain("weightsSha256");
  }

  /** On a model of the default size: what a stop takes is mostly the writing of its checkpoint. */
  @Test
  void aStopSavesTheIterationAndARestartGoesOnThere(PartitaClient admin) {
    MainJob job = new MainJob(admin);
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining("stopped", 2));
    parameters.keySet().removeAll(List.of("dims", "buckets"));
    String straight = job.weights("stopped", job.train(parameters));

    long instance = admin.submit("train-text", parameters);
    assertThat(Killer.awaitShare(admin, instance, "train", 0.3)).isTrue();
    admin.stop(instance);
    long answered = System.nanoTime();
    assertThat(admin.await(instance, MainJob.LIMIT)).isEqualTo("STOPPED");
    Duration took = Duration.ofNanos(System.nanoTime() - answered);

    long stopped = executionId(admin, instance);
    JobHistory atStop = JobHistory.read(admin, instance);
    long done = atStop.lastDone(stopped, "train").orElseThrow();
    System.out.printf(
        "stopped %.2f s after the answer, at iteration %d of %d; its checkpoint took %.2f s%n",
        took.toMillis() / 1e3, done, atStop.total("train"), atStop.lastCheckpointSeconds(stopped));
    assertThat(took).isLessThan(STOP_LIMIT);
    assertThat(done).as("work left at the stop").isBetween(1L, atStop.total("train") - 1);
    List<Long> checkpoints = atStop.checkpoints(stopped);
    assertThat(checkpoints.get(checkpoints.size() - 1)).as("a checkpoint").isEqualTo(done);

    admin.restart(instance);
    job.completes(instance);
    JobHistory after = JobHistory.read(admin, instance);
    long restarted = executionId(admin, instance);
    assertThat(after.resumedAt(restarted)).as("goes on at the checkpoint").hasValue(done);
    assertThat(after.firstDone(restarted, "train")).as("runs no iteration again").hasValue(done);
    assertThat(job.weights("stopped", instance)).isEqualTo(straight);
  }

  private static long executionId(PartitaClient client, long instance) {
    return client.executions(instance).get(0).getJsonNumber("executionId").longValue();
  }
}
