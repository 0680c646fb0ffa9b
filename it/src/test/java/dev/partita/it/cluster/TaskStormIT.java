// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.PartitaClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks and actors on three servers of which two are killed and frozen in turns. */
@ExtendWith(BreakablePods.class)
class TaskStormIT {
  private static final String JSL =
      """
      <job id="task-storm" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
        <step id="storm">
          <batchlet ref="taskStormBatchlet">
            <properties>
              <property name="tasks" value="#{jobParameters['tasks']}"/>
              <property name="actors" value="#{jobParameters['actors']}"/>
            </properties>
          </batchlet>
        </step>
      </job>
      """;
  private static final String TASK =
      """
      <job id="one-task" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
        <step id="one">
          <batchlet ref="task">
            <properties>
              <property name="task" value="Squares.square"/>
              <property name="arguments" value="[#{jobParameters['number']}, 1]"/>
            </properties>
          </batchlet>
        </step>
      </job>
      """;

  private final Pods pods;

  TaskStormIT(Pods pods) {
    this.pods = pods;
  }

  @Test
  void everyPromiseIsKeptWhilePodsDie() {
    long seed = Long.getLong("partita.storm.seed", System.nanoTime());
    System.out.println("storm seed " + seed);
    Random random = new Random(seed);
    PartitaClient owner = pods.client("a");
    long instance = owner.submitJsl(JSL, Map.of("tasks", "10000", "actors", "200"));
    int kills = 0;
    for (double share = 0.1; share < 0.85; share += 0.25) {
      assertThat(Killer.awaitShare(owner, instance, "storm", share)).as("work is left").isTrue();
      Pods.pause(Duration.ofMillis(random.nextInt(500)));
      String victim = random.nextBoolean() ? "b" : "c";
      if (random.nextInt(3) == 0) {
        Pods.signal(pods.server(victim), "STOP");
        Pods.pause(Pods.LEASE.multipliedBy(2));
        Pods.signal(pods.server(victim), "CONT");
      } else {
        pods.server(victim).killHard();
        pods.revive(victim);
      }
      kills++;
    }
    new MainJob(owner).completes(instance);
    String found = owner.executions(instance).get(0).getString("exitStatus");
    System.out.println(kills + " kills and freezes: " + found);
    assertThat(exitStatusOfStep(owner, instance)).contains("wrongTasks=0 inexact=0");
    assertThat(
            pods.postgres()
                .sql(
                    "SELECT COUNT(*) FROM (SELECT NUMBER FROM TALLY WHERE INSTANCE = "
                        + instance
                        + " GROUP BY NUMBER HAVING COUNT(*) > 1) TWICE"))
        .as("calls at most once that were made twice")
        .isEqualTo("0");
    nothingIsLeft();
  }

  /** Nobody asks for a collection of garbage: what is left is held by somebody. */
  private void nothingIsLeft() {
    for (String pod : pods.names()) {
      for (String metric :
          List.of(
              "partita_tasks",
              "partita_task_jobs",
              "partita_hosted_actors",
              "partita_actor_mailbox_calls",
              "partita_placement_groups",
              "partita_store_pinned_objects")) {
        Pods.await(metric + " of pod " + pod + " is 0", () -> pods.metric(pod, metric) == 0);
      }
    }
  }

  @Test
  void aStepRunsATaskByItsName() {
    PartitaClient owner = pods.client("a");
    long instance = owner.submitJsl(TASK, Map.of("number", "12"));
    new MainJob(owner).completes(instance);
    assertThat(exitStatusOfStep(owner, instance)).isEqualTo("144");
    long wrong = owner.submitJsl(TASK, Map.of("number", "twelve"));
    assertThat(owner.await(wrong, Duration.ofSeconds(30))).isEqualTo("FAILED");
  }

  private static String exitStatusOfStep(PartitaClient client, long instance) {
    long execution = client.executions(instance).get(0).getJsonNumber("executionId").longValue();
    return client.steps(execution).get(0).getString("exitStatus");
  }
}
