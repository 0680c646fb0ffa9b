// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A training over several of three servers, under mutual TLS, loses one of them, in all the ways
 * there are. Whatever happens, its weights are those of a training that nothing happened to.
 */
@ExtendWith(BreakablePods.class)
@SuppressWarnings("NullAway.Init")
class GangFaultsIT {
  private static final Duration ABORTED_LIMIT = Duration.ofSeconds(5);
  private static final Duration RESTARTED_LIMIT = Duration.ofSeconds(10);
  private static final Duration FROZEN_LIMIT = Pods.LEASE.plusSeconds(2);
  private static final String STEP = "train";
  private static final String OWNER = "c";
  private static final String ACTIVE = "partita_partitions_active";

  private static Pods pods;
  private static String straight;

  @BeforeAll
  static void trainOnOnePod(Pods three) {
    pods = three;
    pods.heal();
    MainJob job = new MainJob(pods.client("a"));
    long instance = job.train(training("calm", 2, "PACK"));
    assertThat(Set.copyOf(Pods.places(pods.client("a"), instance, STEP).values())).hasSize(1);
    straight = job.weights("calm", instance);
  }

  @Test
  void thePodOfRankZeroIsKilledAndTheGangGoesOnAtItsCheckpointWhereThereIsRoom() {
    Gang gang = Gang.begin("rank0", 2);
    String victim = gang.podOf(0);
    pods.server(victim).killHard();
    Duration aborted = gang.awaitAborted(victim);
    Duration restarted = gang.awaitRestartedWithout(victim);
    System.out.printf(
        "pod of rank 0 killed: attempt over after %d ms, the gang runs %d ms later%n",
        aborted.toMillis(), restarted.toMillis());
    gang.completesLikeACalmOne(victim.equals(OWNER) ? 2 : 1);
    assertThat(aborted).isLessThan(ABORTED_LIMIT);
    assertThat(restarted).isLessThan(RESTARTED_LIMIT);
  }

  /** Neither rank runs on the pod that owns the job. */
  @Test
  void theOwnerIsKilledAndTheRanksOnOtherPodsAreNotDisturbed() {
    Map<String, String> endless = training("probe", 2, "SPREAD");
    endless.put("epochs", "1000");
    PartitaClient client = pods.client("a");
    long probe = client.submit("train-text", endless);
    assertThat(Killer.awaitShare(client, probe, STEP, 0.0001)).isTrue();
    Set<String> members = Set.copyOf(Pods.running(client, probe, STEP).values());
    client.stop(probe);
    assertThat(client.await(probe, MainJob.LIMIT)).isEqualTo("STOPPED");
    String owner =
        pods.names().stream().filter(pod -> !members.contains(pod)).findFirst().orElseThrow();
    String other = members.iterator().next();
    long instance = pods.client(owner).submit("train-text", training("owned", 2, "SPREAD"));
    assertThat(Killer.awaitShare(pods.client(other), instance, STEP, 0.3)).isTrue();
    assertThat(Pods.running(pods.client(other), instance, STEP)).doesNotContainValue(owner);
    long attempt = Gang.number(instance, "MAX(L.ATTEMPT)", "L.ATTEMPT > 0");
    pods.server(owner).killHard();
    Duration adopted =
        Pods.await(
            "another pod owns the job", () -> pods.client(other).executions(instance).size() == 2);
    System.out.printf("owner of a gang killed: adopted in %d ms%n", adopted.toMillis());
    MainJob job = new MainJob(pods.client(other));
    job.completes(instance);
    assertThat(job.weights("owned", instance)).as("weights").isEqualTo(straight);
    assertThat(Gang.number(instance, "MAX(L.ATTEMPT)", "W.STATE = 'ENDED'"))
        .as("attempt of the gang")
        .isEqualTo(attempt);
    assertThat(Gang.number(instance, "COUNT(*)", "W.STATE = 'CANCELED'"))
        .as("ranks taken from pods that lived")
        .isZero();
    assertThat(adopted).isLessThan(RESTARTED_LIMIT);
  }

  @Test
  void aFrozenMemberIsReplacedAndWhatItStillDoesCountsForNothing() {
    Gang gang = Gang.begin("frozen", 2);
    String victim = gang.podThatIsNot(OWNER);
    long life = Objects.requireNonNull(pods.incarnations(gang.client()).get(victim));
    double refused = pods.refused(victim);
    Pods.signal(pods.server(victim), "STOP");
    try {
      Duration aborted = gang.awaitAborted(victim);
      Duration restarted = gang.awaitRestartedWithout(victim);
      System.out.printf(
          "member frozen: attempt over after %d ms, the gang runs %d ms later, the lease is %d s%n",
          aborted.toMillis(), restarted.toMillis(), Pods.LEASE.toSeconds());
      assertThat(aborted).isLessThan(FROZEN_LIMIT);
      assertThat(restarted).isLessThan(RESTARTED_LIMIT);
      Pods.pause(Pods.LEASE.multipliedBy(3).minus(aborted).minus(restarted));
    } finally {
      Pods.signal(pods.server(victim), "CONT");
    }
    Pods.await(
        "it rejoins in a new life",
        () ->
            pods.up(gang.client()).containsKey(victim)
                && Objects.requireNonNull(pods.incarnations(gang.client()).get(victim)) > life);
    Pods.await("its late writes are refused", () -> pods.refused(victim) > refused);
    Pods.await("it runs nothing stale", () -> pods.metric(victim, ACTIVE) == 0);
    gang.completesLikeACalmOne(1);
  }

  @Test
  void aMemberThatIsAskedToEndHandsItsRankOverAndNoIterationIsDoneTwice() {
    Gang gang = Gang.begin("drained", 2);
    String victim = gang.podThatIsNot(OWNER);
    Thread end = new Thread(pods.server(victim)::stop);
    end.start();
    Duration restarted = gang.awaitRestartedWithout(victim);
    System.out.printf(
        "member asked to end: the gang runs on others after %d ms%n", restarted.toMillis());
    Pods.await("it is gone", () -> !end.isAlive());
    assertThat(pods.server(victim).exitStatus()).as("exit status").isNotEqualTo(137);
    assertThat(pods.state(gang.client(), victim)).isEqualTo("LEFT");
    JobHistory history = gang.completesLikeACalmOne(1);
    assertThat(history.redone(gang.execution())).as("iterations done twice").containsOnly(0L);
    assertThat(restarted).isLessThan(RESTARTED_LIMIT);
  }

  /** Each rank asks for all processors of a pod, so two pods have room for two of three. */
  @Test
  void aGangThatMayBeSmallerGoesOnWithTheRanksThatThereIsRoomFor() throws IOException {
    int cpus =
        pods.up(pods.client(OWNER)).values().stream()
            .mapToInt(node -> node.getInt("cpus"))
            .max()
            .orElseThrow();
    String jsl = jsl(Map.of("partita.gang.min", "2", "partita.resources", "cpu=" + cpus));
    Gang gang =
        Gang.of("smaller", pods.client(OWNER).submitJsl(jsl, training("smaller", 3, "SPREAD")), 3);
    String victim = gang.podThatIsNot(OWNER);
    pods.server(victim).killHard();
    Duration aborted = gang.awaitAborted(victim);
    Duration restarted =
        Pods.await("two of three ranks run", () -> gang.newestAttempt(Set.of(victim)) == 2);
    System.out.printf(
        "one of three pods killed: attempt over after %d ms, two ranks run %d ms later%n",
        aborted.toMillis(), restarted.toMillis());
    gang.completesLikeACalmOne(1);
    assertThat(aborted).isLessThan(ABORTED_LIMIT);
    assertThat(restarted).isLessThan(RESTARTED_LIMIT);
    assertThat(Pods.states(gang.client(), gang.instance(), STEP).values())
        .hasSize(3)
        .containsOnly("COMPLETED");
  }

  /** A training that is in the middle, with a rank on each of some pods. */
  private record Gang(
      String model, long instance, int ranks, Map<Integer, String> places, long attempt) {
    static Gang begin(String model, int ranks) {
      return of(
          model, pods.client(OWNER).submit("train-text", training(model, ranks, "SPREAD")), ranks);
    }

    static Gang of(String model, long instance, int ranks) {
      PartitaClient client = pods.client(OWNER);
      assertThat(Killer.awaitShare(client, instance, STEP, 0.3)).as("work is left").isTrue();
      Map<Integer, String> places = Pods.running(client, instance, STEP);
      assertThat(Set.copyOf(places.values())).as("pods of the gang").hasSize(ranks);
      return new Gang(
          model, instance, ranks, places, number(instance, "MAX(L.ATTEMPT)", "L.ATTEMPT > 0"));
    }

    String podOf(int rank) {
      return Objects.requireNonNull(places.get(rank));
    }

    String podThatIsNot(String pod) {
      return places.values().stream().filter(one -> !one.equals(pod)).findFirst().orElseThrow();
    }

    /** Of a pod that no test here harms, or of the one that stays when that is the victim. */
    PartitaClient client() {
      return pods.client(pods.server(OWNER).alive() ? OWNER : "a");
    }

    /** No other pod than the victim works on that attempt any more. */
    Duration awaitAborted(String victim) {
      return Pods.await(
          "the attempt is over",
          () ->
              number(
                      instance,
                      "COUNT(*)",
                      "L.ATTEMPT = "
                          + attempt
                          + " AND W.STATE = 'RUNNING'"
                          + " AND L.HOLDER NOT LIKE '"
                          + victim
                          + "/%'")
                  == 0);
    }

    Duration awaitRestartedWithout(String victim) {
      return Pods.await(
          "the gang runs without " + victim, () -> newestAttempt(Set.of(victim)) == ranks);
    }

    /** How many ranks a later attempt has, if none of them is on one of those pods. */
    long newestAttempt(Set<String> without) {
      String newest = "L.ATTEMPT > " + attempt + " AND W.STATE <> 'WAITING' AND L.HOLDER <> ''";
      String on =
          without.stream()
              .map(pod -> " AND L.HOLDER NOT LIKE '" + pod + "/%'")
              .reduce("", String::concat);
      return number(instance, "COUNT(*)", newest + on);
    }

    long execution() {
      return JobHistory.number(client().executions(instance).get(0), "executionId");
    }

    JobHistory completesLikeACalmOne(int executions) {
      MainJob job = new MainJob(client());
      job.completes(instance);
      assertThat(job.weights(model, instance)).as("weights").isEqualTo(straight);
      assertThat(client().executions(instance)).hasSize(executions);
      JobHistory history = JobHistory.read(client(), instance);
      assertThat(
              client().executions(instance).stream()
                  .map(one -> history.resumedAt(JobHistory.number(one, "executionId")))
                  .filter(at -> at.orElse(0) > 0))
          .as("where it went on")
          .isNotEmpty();
      return history;
    }

    private static long number(long instance, String what, String where) {
      return Long.parseLong(
          pods.postgres()
              .sql(
                  "SELECT "
                      + what
                      + " FROM PARTITION_WORK W JOIN PARTITION_LEASE L"
                      + " ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                      + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER WHERE W.INSTANCE_ID = "
                      + instance
                      + " AND W.STEP_NAME = '"
                      + STEP
                      + "' AND "
                      + where));
    }
  }

  private static Map<String, String> training(String model, int ranks, String placement) {
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining(model, ranks));
    parameters.put("placement", placement);
    parameters.put("epochs", "4");
    return parameters;
  }

  /** The job train-text, its step {@code train} with further properties. */
  private static String jsl(Map<String, String> properties) throws IOException {
    String jsl =
        Files.readString(Checkout.find().config().resolveSibling("batch-jobs/train-text.xml"));
    String gang = "<property name=\"partita.gang\" value=\"true\"/>";
    assertThat(jsl).contains(gang);
    StringBuilder all = new StringBuilder(gang);
    properties.forEach(
        (name, value) -> all.append("<property name=\"%s\" value=\"%s\"/>".formatted(name, value)));
    return jsl.replace(gang, all);
  }
}
