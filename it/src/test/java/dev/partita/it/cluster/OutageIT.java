// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Pods;
import dev.partita.it.fixture.Tally;
import dev.partita.it.fixture.Wire;
import dev.partita.it.server.PartitaClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The database goes away, for all pods at once, and comes back. */
@ExtendWith(BreakablePods.class)
class OutageIT {
  private static final Duration OUTAGE = Duration.ofSeconds(30);

  private final Pods pods;

  OutageIT(Pods pods) {
    this.pods = pods;
  }

  @Test
  void nothingIsStolenAfterTheDatabaseCouldNotBeReached() {
    Tally job = begin();
    Map<Integer, String> places = Pods.running(pods.client("a"), job.instance(), Tally.STEP);
    Map<String, Long> lives = pods.incarnations(pods.client("a"));
    pods.network().databases().forEach(Wire::silence);
    long begun = System.nanoTime();
    job.inTheMiddle();
    Map<String, Long> tokens = job.tokens();
    unready();
    Pods.pause(OUTAGE.minusNanos(System.nanoTime() - begun));
    int during = job.committed();
    unready();
    pods.network().mend();
    goesOn(job, during);
    assertThat(job.tokens()).as("fencing tokens").isEqualTo(tokens);
    assertThat(Pods.places(pods.client("a"), job.instance(), Tally.STEP)).isEqualTo(places);
    completes(job);
    assertThat(pods.incarnations(pods.client("a"))).as("incarnations").isEqualTo(lives);
  }

  @Test
  void aDatabaseThatCrashedLosesNothingAndFailsNoJob() {
    Tally job = begin();
    Map<String, Long> lives = pods.incarnations(pods.client("a"));
    pods.postgres().crash();
    unready();
    // Longer than a lease: all have run out when it is back.
    Pods.pause(Pods.LEASE.plusSeconds(1));
    unready();
    pods.postgres().go();
    job.inTheMiddle();
    goesOn(job, job.committed());
    completes(job);
    assertThat(pods.incarnations(pods.client("a"))).as("incarnations").isEqualTo(lives);
  }

  /** All partitions run, on all pods, and something is committed. */
  private Tally begin() {
    Tally job = Tally.submit(pods.postgres(), pods.client("a"), 6, 600, 20, 10);
    job.awaitOnAll(pods, pods.client("a"));
    return job;
  }

  private void unready() {
    for (String pod : pods.names()) {
      Pods.await(pod + " says that it is not ready", () -> pods.readiness(pod) == 503);
    }
  }

  private void goesOn(Tally job, int before) {
    Duration on = Pods.await("more is committed", () -> job.committed() > before);
    for (String pod : pods.names()) {
      Pods.await(pod + " is ready again", () -> pods.readiness(pod) == 200);
    }
    System.out.printf("the database is back: more is committed after %d ms%n", on.toMillis());
    job.inTheMiddle();
  }

  private void completes(Tally job) {
    PartitaClient client = pods.client("b");
    job.completes(client);
    assertThat(client.executions(job.instance())).hasSize(1);
  }
}
