// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.PartitaClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Partitions that end the JVM they run in. What ended is started again, as Kubernetes would. */
@ExtendWith(BreakablePods.class)
class PoisonIT {
  private static final int OUT_OF_MEMORY_STATUS = 3;
  private static final String JSL =
      """
      <job id="poison" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
        <step id="work">
          <batchlet ref="poisonBatchlet">
            <properties>
              <property name="part" value="#{partitionPlan['part']}"/>
              <property name="bad" value="#{jobParameters['bad']}"/>
              <property name="how" value="#{jobParameters['how']}"/>
              <property name="millis" value="#{jobParameters['millis']}"/>
            </properties>
          </batchlet>
          <partition>
            <mapper ref="partMapper">
              <properties>
                <property name="parts" value="#{jobParameters['parts']}"/>
              </properties>
            </mapper>
          </partition>
        </step>
      </job>
      """;

  private final Pods pods;

  PoisonIT(Pods pods) {
    this.pods = pods;
  }

  @Test
  void aFullHeapEndsTheServerAndItsWorkMoves() {
    PartitaClient client = pods.client("a");
    // Bad is what begins last: something has ended before, and much is left.
    long instance = submit(30, 29, "heap", 1_000);
    Pods.await(
        "a server ended", () -> pods.names().stream().anyMatch(pod -> !pods.server(pod).alive()));
    String victim =
        pods.names().stream().filter(pod -> !pods.server(pod).alive()).findFirst().orElseThrow();
    assertThat(pods.server(victim).exitStatus()).isEqualTo(OUT_OF_MEMORY_STATUS);
    PartitaClient other = victim.equals("a") ? pods.client("b") : client;
    Duration moved = Pods.await("the partition began again", () -> begins(instance, 29) == 2);
    System.out.printf(
        "heap of %s exhausted: the partition moved in %d ms%n", victim, moved.toMillis());
    new MainJob(other).completes(instance);
    assertThat(Pods.states(other, instance, "work").values()).containsOnly("COMPLETED");
    assertThat(moved).isLessThan(Duration.ofSeconds(5));
  }

  private long submit(int parts, int bad, String how, int millis) {
    return pods.client("a")
        .submitJsl(
            JSL,
            Map.of(
                "parts", Integer.toString(parts),
                "bad", Integer.toString(bad),
                "how", how,
                "millis", Integer.toString(millis)));
  }

  private int begins(long instance, int part) {
    return number(
        "SELECT COUNT(*) FROM TALLY WHERE INSTANCE = " + instance + " AND PART = " + part);
  }

  private int number(String sql) {
    return Integer.parseInt(pods.postgres().sql(sql));
  }
}
