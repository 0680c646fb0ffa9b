// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.PartitaClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The main job on two servers, its training spread over both: the bits are those of one server,
 * also when one of the two is killed meanwhile.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class GangIT {
  private static final Duration RESTARTED_LIMIT = Duration.ofSeconds(20);

  private static Pods pods;
  private static String straight;
  private static double accuracy;

  @BeforeAll
  static void trainOnOnePod() {
    pods = Pods.startWith(Map.of("partita.cluster.gloo", "true"), "a", "b");
    MainJob job = new MainJob(pods.client("a"));
    long instance = job.train(training("one", "PACK"));
    assertThat(Set.copyOf(Pods.places(pods.client("a"), instance, "train").values())).hasSize(1);
    straight = job.weights("one", instance);
    accuracy = accuracy("one", instance);
  }

  @AfterAll
  static void end() {
    if (pods != null) {
      pods.close();
    }
  }

  @Test
  @Order(1)
  void onTwoPodsTheMainJobEndsWithTheBitsOfOneAndClassifiesEachTextOnce() {
    PartitaClient owner = pods.client("a");
    MainJob job = new MainJob(owner);
    long instance = job.train(training("two", "SPREAD"));
    assertThat(new TreeSet<>(Pods.places(owner, instance, "train").values()))
        .containsExactly("a", "b");
    assertThat(job.weights("two", instance)).isEqualTo(straight);
    assertThat(accuracy("two", instance)).isEqualTo(accuracy);
    long classification = owner.submit("classify-text", MainJob.classifying("two"));
    job.completes(classification);
    assertThat(new TreeSet<>(Pods.places(owner, classification, "classify").values()))
        .containsExactly("a", "b");
    job.classifiedEachTextOnce(classification);
  }

  @Test
  @Order(2)
  void overGlooTheModelIsAsAccurate() {
    Map<String, String> parameters = training("gloo", "SPREAD");
    parameters.put("denseReduce", "gloo");
    long instance = new MainJob(pods.client("a")).train(parameters);
    assertThat(new TreeSet<>(Pods.places(pods.client("a"), instance, "train").values()))
        .containsExactly("a", "b");
    assertThat(accuracy("gloo", instance)).isCloseTo(accuracy, within(0.003));
  }

  @Test
  @Order(3)
  void whenAMemberIsKilledTheGangGoesOnFromItsCheckpointWithTheSameBits() {
    PartitaClient owner = pods.client("a");
    long instance = owner.submit("train-text", training("killed", "SPREAD"));
    assertThat(Killer.awaitShare(owner, instance, "train", 0.3)).as("work is left").isTrue();
    Map<Integer, String> places = Pods.running(owner, instance, "train");
    assertThat(new TreeSet<>(places.values())).containsExactly("a", "b");
    pods.server("b").killHard();
    Duration restarted =
        Pods.await(
            "the gang runs on what is left",
            () -> Set.copyOf(Pods.places(owner, instance, "train").values()).equals(Set.of("a")));
    System.out.printf("gang's pod killed: started again after %d ms%n", restarted.toMillis());
    MainJob job = new MainJob(owner);
    job.completes(instance);
    assertThat(job.weights("killed", instance)).isEqualTo(straight);
    assertThat(owner.executions(instance)).hasSize(1);
    long execution = JobHistory.number(owner.executions(instance).get(0), "executionId");
    assertThat(JobHistory.read(owner, instance).resumedAt(execution).orElseThrow()).isPositive();
    assertThat(restarted).isLessThan(RESTARTED_LIMIT);
  }

  private static Map<String, String> training(String model, String placement) {
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining(model, 2));
    parameters.put("placement", placement);
    parameters.put("epochs", "3");
    return parameters;
  }

  private static double accuracy(String model, long instance) {
    return new MainJob(pods.client("a"))
        .version(model, instance)
        .getJsonNumber("accuracy")
        .doubleValue();
  }
}
