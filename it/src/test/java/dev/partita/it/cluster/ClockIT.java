// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Pods;
import dev.partita.it.fixture.Tally;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One pod's clock is an hour ahead, another's an hour behind: leases go by the database's. */
@ExtendWith(BreakablePods.class)
class ClockIT {
  private static final String OFFSET = "partita.fault.clock-offset";
  private static final Duration ADOPTED_LIMIT = Duration.ofSeconds(10);

  private final Pods pods;

  ClockIT(Pods pods) {
    this.pods = pods;
  }

  @AfterEach
  void setTheClocks() {
    for (String pod : pods.names()) {
      ServerProcess server = pods.server(pod).without(OFFSET);
      if (server.alive()) {
        server.killHard();
      }
    }
  }

  @Test
  void clocksThatAreAnHourOffTakeNobodyForDeadAndKeepNoDeadAlive() {
    restart("b", "PT1H");
    restart("c", "PT-1H");
    PartitaClient client = pods.client("a");
    Map<String, Long> lives = pods.incarnations(client);
    // The pod that is ahead owns the job.
    Tally job = Tally.submit(pods.postgres(), pods.client("b"), 6, 700, 20, 10);
    job.awaitOnAll(pods, client);
    assertThat(Duration.between(Instant.now(), logged("b", job)))
        .as("how far b is ahead")
        .isBetween(Duration.ofMinutes(55), Duration.ofMinutes(65));
    Pods.pause(Pods.LEASE.plusSeconds(1));
    job.inTheMiddle();
    assertThat(pods.incarnations(client)).as("incarnations").isEqualTo(lives);
    Instant leaseEnd =
        Instant.parse(Objects.requireNonNull(pods.up(client).get("b")).getString("leaseUntil"));
    assertThat(Duration.between(Instant.now(), leaseEnd).abs())
        .as("the lease of b, seen by this test's clock")
        .isLessThan(Pods.LEASE.plusSeconds(2));
    pods.server("b").killHard();
    Duration adopted =
        Pods.await("the job is adopted", () -> client.executions(job.instance()).size() == 2);
    System.out.printf("owner an hour ahead killed: adopted in %d ms%n", adopted.toMillis());
    job.inTheMiddle();
    job.completes(client);
    assertThat(adopted).isLessThan(ADOPTED_LIMIT);
    assertThat(pods.incarnations(client)).as("incarnations").isEqualTo(lives);
  }

  /** The time of the first line that a pod wrote into the job's log. */
  private Instant logged(String pod, Tally job) {
    return pods.client(pod)
        .log(job.instance())
        .lines()
        .filter(line -> line.matches("20\\d\\d-\\d\\d-\\d\\dT.*"))
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private void restart(String pod, String offset) {
    pods.server(pod).stop();
    pods.server(pod).with(OFFSET, offset);
    pods.revive(pod);
  }
}
