// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What stays behind after kills: no garbage, no models without weights, no job that kills again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AftermathIT {
  private static final long PATIENCE_SECONDS = 60;

  private ServerProcess server;
  private Killer killer;
  private MainJob job;

  @BeforeAll
  void start() {
    server = TestServer.create("aftermath").start();
    killer = new Killer(server);
    job = new MainJob(server.client("admin"));
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** Each life of the server ends inside the job's first checkpoint: nothing is ever committed. */
  @Test
  void aJobThatKillsItsServerThreeTimesInARowWaitsForAPerson() {
    armed("checkpoint-write", 1);
    long instance = job.client().submit("train-text", MainJob.quickTraining("killer", 2));
    for (int death = 1; death < 3; death++) {
      killer.awaitFault();
      server.killHard();
      server.start();
    }
    killer.awaitFault();
    killer.killAndRevive();
    List<JsonObject> executions = job.client().executions(instance);
    assertThat(executions).as("executions: none after the third death").hasSize(3);
    JsonObject last = executions.get(0);
    assertThat(last.getString("batchStatus")).isEqualTo("FAILED");
    assertThat(last.getString("exitStatus")).isEqualTo("QUARANTINED");
    assertThat(last.getString("reason")).contains("3 times in a row");
    assertThat(checkpoints(instance)).as("what three killed writes left").isNotEmpty();

    job.client().restart(instance);
    job.completes(instance);
    onlyCommittedCheckpointsLieThere(instance);
  }

  @Test
  void killedBetweenTheRowAndTheFilesOfAnOldCheckpointTheFilesAreSwept() {
    armed("checkpoint-drop", 2);
    long instance = job.client().submit("train-text", MainJob.quickTraining("dropped", 2));
    killer.awaitFault();
    killer.killAndRevive();
    job.completes(instance);
    onlyCommittedCheckpointsLieThere(instance);
  }

  @Test
  void aKilledPurgeIsFinishedAtTheNextStartAndTheModelServesOn() throws Exception {
    long instance = job.train(MainJob.quickTraining("purged", 2));
    assertThat(checkpoints(instance)).isNotEmpty();
    armed("purge-commit", 1);
    Thread caller =
        new Thread(
            () -> {
              try {
                server.client("admin").delete("/ibm/api/batch/jobinstances/" + instance);
              } catch (UncheckedIOException killed) {
                // that is what this test does to the server
              }
            });
    caller.start();
    killer.awaitFault();
    assertThat(checkpoints(instance)).as("files are deleted after the commit").isNotEmpty();
    killer.killAndRevive();
    caller.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    assertThat(job.client().get("/ibm/api/batch/jobinstances/" + instance).status()).isEqualTo(400);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!checkpoints(instance).isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(checkpoints(instance)).as("files of a purged job").isEmpty();
    assertThat(job.client().infer("purged", List.of("a small furry mammal")).toString())
        .contains("outputs");
  }

  private void armed(String point, int pass) {
    killer.arm(point, pass);
    server.stop();
    server.start();
  }

  private void onlyCommittedCheckpointsLieThere(long instance) {
    assertThat(checkpoints(instance))
        .as("folders of checkpoints: num_to_keep of them, all whole")
        .hasSizeBetween(1, 2)
        .allMatch(folder -> Files.exists(folder.resolve("manifest.json")));
  }

  private List<Path> checkpoints(long instance) {
    Path run = server.directory().server().resolve("storage/checkpoints/" + instance + "-train");
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(run)) {
      return folders.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
