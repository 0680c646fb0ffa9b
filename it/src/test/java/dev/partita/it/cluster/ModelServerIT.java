// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.PartitaClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The ModelServer example: replicas on three servers, of which one is killed half-way. With nothing
 * but defaults, every chunk has its answer, in order, and the same one.
 */
@ExtendWith(BreakablePods.class)
class ModelServerIT {
  private final Pods pods;

  ModelServerIT(Pods pods) {
    this.pods = pods;
  }

  @Test
  void aReplicaThatIsKilledLosesNoChunk() {
    PartitaClient owner = pods.client("a");
    new MainJob(owner).train(MainJob.quickTraining("text", 2));
    long straight = owner.submit("model-server", Map.of());
    new MainJob(owner).completes(straight);
    long killed = owner.submit("model-server", Map.of());
    assertThat(Killer.awaitShare(owner, killed, "predict", 0.3)).as("work is left").isTrue();
    pods.server("b").killHard();
    new MainJob(owner).completes(killed);
    String expected = exitStatus(owner, straight);
    System.out.println("model-server: " + expected);
    assertThat(expected).startsWith("texts=" + MainJob.TEXTS + " chunks=118 accuracy=0.");
    assertThat(exitStatus(owner, killed)).isEqualTo(expected);
    pods.revive("b");
  }

  private static String exitStatus(PartitaClient client, long instance) {
    long execution = client.executions(instance).get(0).getJsonNumber("executionId").longValue();
    return client.steps(execution).stream()
        .filter(step -> step.getString("stepName").equals("predict"))
        .findFirst()
        .orElseThrow()
        .getString("exitStatus");
  }
}
