// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.UnexpectedAnswerException;
import jakarta.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Partitions that end the JVM they run in. What ended is started again, as Kubernetes would. */
@ExtendWith(BreakablePods.class)
class PoisonIT {
  private static final int GOOD = 100;
  private static final int DEATHS = 3;
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
  void aPartitionThatKillsThreePodsIsQuarantinedAndAHundredOthersComplete() {
    int bad = GOOD / 2;
    long instance = submit(GOOD + 1, bad, "halt", 400);
    Set<String> killed = new TreeSet<>();
    int deaths = 0;
    String status = "STARTED";
    long deadline = System.nanoTime() + MainJob.LIMIT.toNanos();
    while (!Set.of("COMPLETED", "FAILED", "STOPPED").contains(status)) {
      assertThat(System.nanoTime()).as("it ends in time").isLessThan(deadline);
      List<String> ended = pods.restartEnded();
      deaths += ended.size();
      killed.addAll(ended);
      if (deaths == 1 && !ended.isEmpty()) {
        assertThat(begins(instance)).as("partitions begun").isBetween(1, GOOD);
      }
      status = statusAnywhere(instance, status);
      Pods.pause(Duration.ofMillis(100));
    }
    System.out.printf("poison: %d pods died (%s), %s%n", deaths, killed, status);
    pods.heal();
    PartitaClient client = pods.client("a");
    assertThat(status).isEqualTo("FAILED");
    assertThat(deaths).as("pods that died").isEqualTo(DEATHS);
    Map<Integer, String> states = Pods.states(client, instance, "work");
    assertThat(states).hasSize(GOOD + 1);
    assertThat(states.remove(bad)).as("state of the poison").isEqualTo("FAILED");
    assertThat(states.values()).as("states of the others").containsOnly("COMPLETED");
    assertThat(JobHistory.read(client, instance).events())
        .as("events that name it")
        .anyMatch(
            event ->
                event
                    .data()
                    .getString("reason", "")
                    .contains("partition " + bad + ": quarantined: "));
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

  private int begins(long instance) {
    return number("SELECT COUNT(DISTINCT PART) FROM TALLY WHERE INSTANCE = " + instance);
  }

  private int begins(long instance, int part) {
    return number(
        "SELECT COUNT(*) FROM TALLY WHERE INSTANCE = " + instance + " AND PART = " + part);
  }

  private int number(String sql) {
    return Integer.parseInt(pods.postgres().sql(sql));
  }

  /** As a pod that is there says; any may be gone at any time. */
  private String statusAnywhere(long instance, String otherwise) {
    for (String pod : pods.names()) {
      try {
        if (pods.server(pod).alive()) {
          JsonObject found = pods.client(pod).instance(instance);
          return found.getString("batchStatus");
        }
      } catch (UncheckedIOException | UnexpectedAnswerException e) {
        // It starts, or has just ended.
      }
    }
    return otherwise;
  }
}
