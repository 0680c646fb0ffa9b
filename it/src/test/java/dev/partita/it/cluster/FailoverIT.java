// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.Answer;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three servers on one PostgreSQL lose one of them, in all the ways there are; the texts of a
 * classification all the same get one label each. Every test proves that something was committed
 * before and work was left after.
 */
@ExtendWith(BreakablePods.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class FailoverIT {
  private static final Duration MOVED_LIMIT = Duration.ofSeconds(5);
  private static final Duration ADOPTED_LIMIT = Duration.ofSeconds(10);
  private static final Duration FROZEN_LIMIT = Pods.LEASE.plusSeconds(2);

  private static Pods pods;

  @BeforeAll
  static void trainAModel(Pods three) {
    pods = three;
    pods.heal();
    new MainJob(pods.client("a")).train(MainJob.quickTraining("text", 2));
  }

  @Test
  @Order(1)
  void aWorkerThatIsKilledLosesNoTextAndTheStepNeverSeesIt() {
    PartitaClient owner = pods.client("a");
    long instance = classify("a");
    String victim = someWorker(owner, instance);
    Set<Integer> lost = heldBy(owner, instance, victim);
    int before = committed(owner, instance);
    pods.server(victim).killHard();
    Duration moved = moved(owner, instance, lost, victim);
    System.out.printf(
        "worker killed: %d partitions moved in %d ms%n", lost.size(), moved.toMillis());
    assertThat(committed(owner, instance)).isBetween(before, MainJob.TEXTS - 1);
    completesInExecutions(owner, instance, 1);
    assertThat(moved).isLessThan(MOVED_LIMIT);
    pods.revive(victim);
  }

  /** A gang has all places of the pod that owns the job, so that the batchlet runs elsewhere. */
  @Test
  @Order(2)
  void aBatchletThatIsKilledGoesOnAtItsCheckpointWithTheSameWeights() throws IOException {
    PartitaClient owner = pods.client("a");
    MainJob job = new MainJob(owner);
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining("alone", 1));
    parameters.put("epochs", "3");
    String straight = job.weights("alone", job.train(parameters));
    Map<String, String> endless = new TreeMap<>(MainJob.quickTraining("gang", 2));
    endless.put("epochs", "100");
    long gang = owner.submit("train-text", endless);
    assertThat(Killer.awaitShare(owner, gang, "train", 0.001)).isTrue();
    long instance = owner.submitJsl(loose(), parameters);
    assertThat(Killer.awaitShare(owner, instance, "train", 0.3)).as("work is left").isTrue();
    String victim = Objects.requireNonNull(Pods.running(owner, instance, "train").get(0));
    assertThat(victim).isNotEqualTo("a");
    pods.server(victim).killHard();
    Duration moved =
        Pods.await(
            "the batchlet runs elsewhere",
            () -> !victim.equals(Pods.places(owner, instance, "train").get(0)));
    System.out.printf("batchlet's pod killed: moved in %d ms%n", moved.toMillis());
    job.completes(instance);
    owner.stop(gang);
    assertThat(job.weights("alone", instance)).isEqualTo(straight);
    assertThat(owner.executions(instance)).hasSize(1);
    long execution = JobHistory.number(owner.executions(instance).get(0), "executionId");
    assertThat(JobHistory.read(owner, instance).resumedAt(execution).orElseThrow()).isPositive();
    assertThat(moved).isLessThan(MOVED_LIMIT);
    pods.revive(victim);
    assertThat(owner.await(gang, Duration.ofSeconds(30))).isEqualTo("STOPPED");
  }

  @Test
  @Order(3)
  void theJobOfAPodThatIsKilledIsAdoptedWithWhatRunsElsewhere() {
    PartitaClient other = pods.client("b");
    long instance = classify("a");
    someWorker(other, instance);
    Map<Integer, String> places = Pods.running(other, instance, "classify");
    int before = committed(other, instance);
    pods.server("a").killHard();
    Duration adopted =
        Pods.await("another pod owns the job", () -> other.executions(instance).size() == 2);
    System.out.printf("owner killed: adopted in %d ms%n", adopted.toMillis());
    assertThat(committed(other, instance)).isBetween(before, MainJob.TEXTS - 1);
    completesInExecutions(other, instance, 2);
    assertThat(adopted).isLessThan(ADOPTED_LIMIT);
    Set<Long> begunAgain =
        JobHistory.read(other, instance).events().stream()
            .filter(e -> e.type().equals("recovery") && e.data().containsKey("resumedAt"))
            .map(e -> JobHistory.number(e.data(), "partition"))
            .collect(Collectors.toSet());
    Set<Long> elsewhere =
        places.entrySet().stream()
            .filter(e -> !e.getValue().equals("a"))
            .map(e -> (long) e.getKey())
            .collect(Collectors.toSet());
    assertThat(elsewhere).isNotEmpty();
    assertThat(begunAgain).as("partitions begun again").doesNotContainAnyElementsOf(elsewhere);
    pods.revive("a");
  }

  @Test
  @Order(4)
  void aFrozenPodLosesItsPartitionsWritesNothingLateAndRejoins() {
    PartitaClient owner = pods.client("a");
    long instance = classify("a");
    String victim = someWorker(owner, instance);
    Set<Integer> lost = heldBy(owner, instance, victim);
    long life = incarnation(owner, victim);
    double refusedBefore = pods.refused(victim);
    int before = committed(owner, instance);
    Pods.signal(pods.server(victim), "STOP");
    try {
      Duration moved = moved(owner, instance, lost, victim);
      System.out.printf(
          "frozen: %d partitions moved in %d ms, the lease is %d s%n",
          lost.size(), moved.toMillis(), Pods.LEASE.toSeconds());
      assertThat(committed(owner, instance)).isBetween(before, MainJob.TEXTS - 1);
      assertThat(moved).isLessThan(FROZEN_LIMIT);
      Pods.pause(Pods.LEASE.multipliedBy(3).minus(moved));
    } finally {
      Pods.signal(pods.server(victim), "CONT");
    }
    Pods.await(
        "it rejoins in a new life",
        () -> pods.up(owner).containsKey(victim) && incarnation(owner, victim) > life);
    Pods.await("its late writes are refused", () -> pods.refused(victim) > refusedBefore);
    completesInExecutions(owner, instance, 1);
    System.out.printf("late writes refused: %.0f%n", pods.refused(victim) - refusedBefore);
  }

  @Test
  @Order(5)
  void aPodThatIsAskedToEndHandsItsPartitionsOver() {
    PartitaClient owner = pods.client("a");
    long instance = classify("a");
    String victim = someWorker(owner, instance);
    Set<Integer> held = heldBy(owner, instance, victim);
    int before = committed(owner, instance);
    Thread end = new Thread(pods.server(victim)::stop);
    end.start();
    Duration moved = moved(owner, instance, held, victim);
    System.out.printf("asked to end: handed over in %d ms%n", moved.toMillis());
    assertThat(committed(owner, instance)).isBetween(before, MainJob.TEXTS - 1);
    completesInExecutions(owner, instance, 1);
    Pods.await("it is gone", () -> !end.isAlive());
    JsonObject node = node(owner, victim);
    assertThat(node.getString("state")).isEqualTo("LEFT");
    pods.revive(victim);
  }

  @Test
  @Order(6)
  void aStopThatAnotherPodIsAskedForReachesAllPartitionsAndARestartGoesOn() {
    PartitaClient owner = pods.client("a");
    PartitaClient other = pods.client("b");
    long instance = classify("a");
    someWorker(owner, instance);
    other.stop(instance);
    assertThat(other.await(instance, Duration.ofSeconds(30))).isEqualTo("STOPPED");
    assertThat(committed(other, instance)).isBetween(1, MainJob.TEXTS - 1);
    other.restart(instance);
    completesInExecutions(other, instance, 2);
  }

  @Test
  @Order(7)
  void theLeaderThatIsKilledWhileItPlacesPlacesNothingTwiceAndLosesNothing() {
    PartitaClient any = pods.client("a");
    String leader = leader(any);
    String owner = leader.equals("a") ? "b" : "a";
    PartitaClient client = pods.client(owner);
    long instance = classify(owner, 60);
    Pods.await("some texts are committed", () -> committed(client, instance) > 2_000);
    assertThat(Pods.waiting(client, instance, "classify"))
        .as("partitions wait to be placed")
        .isPositive();
    pods.server(leader).killHard();
    int before = committed(client, instance);
    Duration passed = Pods.await("another pod leads", () -> !leader(client).equals(leader));
    System.out.printf("leader killed: another leads after %d ms%n", passed.toMillis());
    assertThat(committed(client, instance)).isBetween(before, MainJob.TEXTS - 1);
    completesInExecutions(client, instance, 1);
    assertThat(passed).isLessThan(MOVED_LIMIT);
    pods.revive(leader);
  }

  private static String leader(PartitaClient client) {
    return client.get("/api/nodes").expect(200).objects().stream()
        .filter(node -> node.getBoolean("leader"))
        .map(node -> node.getString("id"))
        .findAny()
        .orElse("");
  }

  private static long classify(String pod) {
    return classify(pod, 6);
  }

  private static long classify(String pod, int partitions) {
    Map<String, String> parameters = MainJob.classifying("text");
    parameters.put("itemCount", "40");
    parameters.put("partitions", Integer.toString(partitions));
    return pods.client(pod).submit("classify-text", parameters);
  }

  /** Another pod than a, with a partition, once some texts are committed. */
  private static String someWorker(PartitaClient client, long instance) {
    Pods.await(
        "all partitions run and some texts are committed",
        () -> {
          Map<Integer, String> places = Pods.running(client, instance, "classify");
          return places.size() == 6
              && places.values().containsAll(Set.of("a", "b", "c"))
              && committed(client, instance) > 2_000;
        });
    return Pods.running(client, instance, "classify").values().stream()
        .filter(place -> place.equals("c"))
        .findAny()
        .orElseThrow();
  }

  private static Set<Integer> heldBy(PartitaClient client, long instance, String pod) {
    return Pods.running(client, instance, "classify").entrySet().stream()
        .filter(e -> e.getValue().equals(pod))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static Duration moved(
      PartitaClient client, long instance, Set<Integer> partitions, String from) {
    assertThat(partitions).isNotEmpty();
    return Pods.await(
        "partitions " + partitions + " run elsewhere than on " + from,
        () -> {
          Map<Integer, String> places = Pods.places(client, instance, "classify");
          return partitions.stream()
              .map(places::get)
              .noneMatch(place -> place == null || place.equals(from));
        });
  }

  private static void completesInExecutions(PartitaClient client, long instance, int executions) {
    MainJob job = new MainJob(client);
    job.completes(instance);
    assertThat(client.executions(instance)).hasSize(executions);
    job.classifiedEachTextOnce(instance);
  }

  private static int committed(PartitaClient client, long instance) {
    Answer summary = client.get("/api/predictions/" + instance + "/summary");
    return summary.status() == 404 ? 0 : summary.expect(200).object().getInt("total");
  }

  private static JsonObject node(PartitaClient client, String id) {
    return client.get("/api/nodes").expect(200).objects().stream()
        .filter(node -> node.getString("id").equals(id))
        .findAny()
        .orElseThrow();
  }

  private static long incarnation(PartitaClient client, String id) {
    return node(client, id).getJsonNumber("incarnation").longValue();
  }

  /** The training of train-text, with its one rank as a partition that any pod may run. */
  private static String loose() throws IOException {
    String jsl =
        Files.readString(Checkout.find().config().resolveSibling("batch-jobs/train-text.xml"));
    assertThat(jsl).contains("name=\"partita.gang\" value=\"true\"");
    return jsl.replace(
        "name=\"partita.gang\" value=\"true\"", "name=\"partita.gang\" value=\"false\"");
  }
}
