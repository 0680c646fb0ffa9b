// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * An acknowledged job is never lost. Several clients submit at once; as soon as a drawn number of
 * them has its 201, the server is killed, so that others are killed in the middle.
 */
class SubmissionKillsIT {
  private static final int CLIENTS = 8;
  private static final int HUNDRED = 100;

  @Test
  void everyAcknowledgedJobIsThereAfterTheKill() throws Exception {
    Random random = new Random(Killer.seed());
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    // Kills follow each other faster than jobs may end, which is no job's fault.
    try (ServerProcess server =
        TestServer.create("submission-kills")
            .with("partita.jobs.quarantine-after", "1000000")
            .start()) {
      PartitaClient client = server.client("admin");
      List<Long> acknowledged = new ArrayList<>();
      int kills = 0;
      // The long run kills right after the first 201, a hundred times.
      boolean each = Killer.rounds() > 3;
      while ((each ? kills : acknowledged.size()) < HUNDRED) {
        int enough = each ? 1 : 9 + random.nextInt(16);
        List<Long> now = submitAndKill(server, threads, enough);
        kills++;
        server.start();
        for (long id : now) {
          assertThat(client.get("/ibm/api/batch/jobinstances/" + id).status())
              .as("job %d, acknowledged right before kill %d", id, kills)
              .isEqualTo(200);
        }
        acknowledged.addAll(now);
      }
      for (long id : acknowledged) {
        assertThat(client.await(id, MainJob.LIMIT)).as("job %d", id).isEqualTo("COMPLETED");
      }
      assertThat(acknowledged).doesNotHaveDuplicates();
      System.out.printf(
          "%d submissions acknowledged right before one of %d kills: all there, all completed%n",
          acknowledged.size(), kills);
    } finally {
      threads.shutdownNow();
    }
  }

  /** The ids that got a 201, the last of them about when the kill came. */
  private static List<Long> submitAndKill(ServerProcess server, ExecutorService threads, int enough)
      throws Exception {
    ConcurrentLinkedQueue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    CountDownLatch reached = new CountDownLatch(enough);
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      PartitaClient client = server.client("submitter");
      clients.add(
          threads.submit(
              () -> {
                try {
                  while (server.alive()) {
                    acknowledged.add(client.submit("echo", Map.of()));
                    reached.countDown();
                  }
                } catch (UncheckedIOException killed) {
                  // what the kill did to this client is no acknowledgement
                }
              }));
    }
    reached.await(2, TimeUnit.MINUTES);
    server.killHard();
    for (Future<?> one : clients) {
      one.get();
    }
    assertThat(acknowledged).as("submissions that got a 201").hasSizeGreaterThanOrEqualTo(enough);
    return List.copyOf(acknowledged);
  }
}
