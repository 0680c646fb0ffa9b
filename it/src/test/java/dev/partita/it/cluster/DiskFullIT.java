// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.SmallDisk;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The disk of the output directory is full, and has room again. */
class DiskFullIT {
  private static final long DISK_BYTES = 192L << 20;

  @Test
  void whatNeedsDiskSaysSoAndGoesOnWhereItWasWhenThereIsRoom() throws IOException {
    try (SmallDisk disk = SmallDisk.mount("full", DISK_BYTES);
        ServerProcess server = TestServer.create("disk-full")) {
      server
          .with("partita.output.dir", disk.folder().toString())
          .with("partita.security.credentials-file", server.directory().credentials().toString())
          .start();
      PartitaClient client = server.client("admin");
      MainJob job = new MainJob(client);
      Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining("full", 1));
      parameters.put("epochs", "6");
      long instance = client.submit("train-text", parameters);
      assertThat(Killer.awaitShare(client, instance, "train", 0.2)).as("work is left").isTrue();
      disk.fill();
      assertThat(client.await(instance, MainJob.LIMIT)).isEqualTo("FAILED");
      assertThat(client.executions(instance).get(0).getString("reason"))
          .as("why it failed")
          .contains("No space left on device");
      // What needs no disk goes on.
      assertThat(client.get("/health/ready").status()).as("readiness").isEqualTo(200);
      assertThat(client.await(client.submit("echo", Map.of("text", "hello")), MainJob.LIMIT))
          .isEqualTo("COMPLETED");
      disk.makeRoom();
      client.restart(instance);
      job.completes(instance);
      long execution = JobHistory.number(client.executions(instance).get(0), "executionId");
      assertThat(JobHistory.read(client, instance).resumedAt(execution).orElseThrow())
          .as("the iteration it went on from")
          .isPositive();
    }
  }
}
