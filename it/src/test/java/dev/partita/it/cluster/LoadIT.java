// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.Pods;
import dev.partita.it.fixture.Tally;
import dev.partita.it.server.PartitaClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every processor of the machine is busy with something else. */
@ExtendWith(BreakablePods.class)
class LoadIT {
  private static final Duration SHORT = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int MILLIS = 20;

  private final Pods pods;

  LoadIT(Pods pods) {
    this.pods = pods;
  }

  @Test
  void nobodyIsTakenForDeadUnderFullLoad() throws IOException {
    Duration time = Killer.many() ? LONG : SHORT;
    PartitaClient owner = pods.client("a");
    // Enough to be still at work when the load is over, even on a machine that has time for it.
    int count = (int) (time.toMillis() / MILLIS) + 200;
    Tally job = Tally.submit(pods.postgres(), owner, 6, count, MILLIS, 10);
    job.awaitOnAll(pods, owner);
    Map<String, Long> lives = pods.incarnations(owner);
    Map<String, Long> tokens = job.tokens();
    List<Process> busy = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
        busy.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
      }
      Pods.pause(time);
      job.inTheMiddle();
    } finally {
      busy.forEach(Process::destroyForcibly);
    }
    assertThat(pods.incarnations(owner)).as("incarnations").isEqualTo(lives);
    assertThat(job.tokens()).as("fencing tokens").isEqualTo(tokens);
    job.completes(owner);
    assertThat(owner.executions(job.instance())).hasSize(1);
  }
}
