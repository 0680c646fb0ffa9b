// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.ServerProcess;
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

/** What stays behind after kills: no garbage, no models without weights. */
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
