// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.fixture.Tally;
import dev.partita.it.fixture.Wire;
import dev.partita.it.server.PartitaClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One pod loses the database, or its peers, and gets them back; doorbells come late or never. */
@ExtendWith(BreakablePods.class)
class CutIT {
  private static final Duration MOVED_LIMIT = Pods.LEASE.plusSeconds(2);

  /**
   * One {@code partita.cluster.poll}, and the second that a pod waits for others to take theirs.
   */
  private static final Duration UNRUNG_LIMIT = Duration.ofSeconds(2);

  private static final String BELLS =
      """
      <job id="bells" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
        <step id="ring">
          <properties>
            <property name="partita.placement" value="STRICT_SPREAD"/>
          </properties>
          <batchlet ref="bellBatchlet">
            <properties>
              <property name="rounds" value="#{jobParameters['rounds']}"/>
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

  /** How a wire breaks. */
  enum Break {
    SILENT,
    CUT;

    void on(Wire wire) {
      if (this == SILENT) {
        wire.silence();
      } else {
        wire.cut();
      }
    }
  }

  CutIT(Pods pods) {
    this.pods = pods;
  }

  /** Silent, which is worse; in a long run both. */
  static Stream<Break> ofTheDatabase() {
    return Killer.many() ? Stream.of(Break.values()) : Stream.of(Break.SILENT);
  }

  @ParameterizedTest
  @MethodSource("ofTheDatabase")
  void aPodWithoutTheDatabaseLosesItsPartitionsAndItsLateWrites(Break how) {
    PartitaClient owner = pods.client("a");
    Tally job = begin(500);
    Set<Integer> lost = heldBy(job, "c");
    Map<String, Long> lives = pods.incarnations(owner);
    double refused = pods.refused("c");
    how.on(pods.network().database("c"));
    job.inTheMiddle();
    Duration moved = Pods.await("c has no partition", () -> heldBy(job, "c").isEmpty());
    System.out.printf(
        "cut off the database: %d partitions moved in %d ms, the lease is %d s%n",
        lost.size(), moved.toMillis(), Pods.LEASE.toSeconds());
    Pods.await("c says that it is not ready", () -> pods.readiness("c") == 503);
    assertThat(pods.readiness("b")).as("readiness of b").isEqualTo(200);
    job.inTheMiddle();
    pods.network().mend();
    Pods.await(
        "c rejoins in a new life",
        () ->
            pods.up(owner).containsKey("c")
                && life(pods.incarnations(owner), "c") > life(lives, "c"));
    Pods.await("its late writes are refused", () -> pods.refused("c") > refused);
    job.completes(owner);
    assertThat(owner.executions(job.instance())).hasSize(1);
    System.out.printf("late writes refused: %.0f%n", pods.refused("c") - refused);
    assertThat(moved).isLessThan(MOVED_LIMIT);
    Map<String, Long> others = pods.incarnations(owner);
    assertThat(life(others, "a")).as("life of a").isEqualTo(life(lives, "a"));
    assertThat(life(others, "b")).as("life of b").isEqualTo(life(lives, "b"));
    Pods.await("c is ready again", () -> pods.readiness("c") == 200);
    Pods.await("c runs nothing", () -> pods.metric("c", "partita_partitions_active") == 0);
  }

  /** Cut, which looks like a death; in a long run both. */
  static Stream<Break> ofPeers() {
    return Killer.many() ? Stream.of(Break.values()) : Stream.of(Break.CUT);
  }

  @ParameterizedTest
  @MethodSource("ofPeers")
  void aPodWithoutPeersKeepsItsPartitionsAndItsJobsStillReachThem(Break how) {
    PartitaClient owner = pods.client("a");
    Tally job = begin(500);
    Map<String, Long> lives = pods.incarnations(owner);
    Map<String, Long> tokens = job.tokens();
    Map<Integer, String> places = Pods.places(owner, job.instance(), Tally.STEP);
    pods.network().peers("a").forEach(how::on);
    job.inTheMiddle();
    Pods.pause(Pods.LEASE.plusSeconds(1));
    job.inTheMiddle();
    assertThat(job.tokens()).as("fencing tokens").isEqualTo(tokens);
    assertThat(Pods.places(owner, job.instance(), Tally.STEP)).isEqualTo(places);
    Tally unheard = Tally.submit(pods.postgres(), owner, 6, 10, 20, 10);
    unheard.completes(owner);
    assertThat(Pods.places(owner, unheard.instance(), Tally.STEP)).containsValues("b", "c");
    pods.network().mend();
    job.completes(owner);
    assertThat(owner.executions(job.instance())).hasSize(1);
    assertThat(pods.incarnations(owner)).as("incarnations").isEqualTo(lives);
  }

  @Test
  void workWhoseBellsAreAllLostStartsWithinThePoll() {
    PartitaClient owner = pods.client("a");
    pods.network().peers().forEach(Wire::silence);
    Tally job = Tally.submit(pods.postgres(), owner, 6, 300, 20, 10);
    Duration started =
        Pods.await(
            "all partitions run", () -> heldBy(job, "b").size() + heldBy(job, "c").size() == 4);
    System.out.printf("all bells lost: all partitions run after %d ms%n", started.toMillis());
    job.completes(owner);
    assertThat(started).isLessThan(UNRUNG_LIMIT);
  }

  @Test
  void bellsThatRingLateDoNoHarm() {
    PartitaClient owner = pods.client("a");
    Map<String, Long> lives = pods.incarnations(owner);
    pods.network().peers().forEach(wire -> wire.delay(Duration.ofSeconds(3)));
    Tally job = Tally.submit(pods.postgres(), owner, 6, 100, 20, 10);
    Tally other = Tally.submit(pods.postgres(), pods.client("b"), 6, 100, 20, 10);
    job.completes(owner);
    other.completes(owner);
    // The last of them ring now, for work that is gone.
    Pods.pause(Duration.ofSeconds(3));
    assertThat(pods.incarnations(owner)).as("incarnations").isEqualTo(lives);
    assertThat(owner.executions(job.instance())).hasSize(1);
    assertThat(owner.executions(other.instance())).hasSize(1);
  }

  /** From every pod at all others, for as long as a job begins, runs and ends. */
  @Test
  void bellsThatRingTwiceAndForNothingDoNoHarm() {
    PartitaClient owner = pods.client("a");
    Map<String, Long> lives = pods.incarnations(owner);
    long ringing = owner.submitJsl(BELLS, Map.of("parts", "3", "rounds", "3000", "millis", "20"));
    Pods.await(
        "every pod rings",
        () -> Pods.running(owner, ringing, "ring").values().containsAll(pods.names()));
    Tally job = Tally.submit(pods.postgres(), pods.client("b"), 3, 100, 20, 10);
    Pods.await("it runs", () -> job.committed() > 0);
    Map<String, Long> tokens = job.tokens();
    job.completes(owner);
    assertThat(Pods.running(owner, ringing, "ring")).as("pods that still ring").hasSize(3);
    assertThat(job.tokens()).as("fencing tokens").isEqualTo(tokens);
    assertThat(owner.executions(job.instance())).hasSize(1);
    owner.stop(ringing);
    owner.await(ringing, MainJob.LIMIT);
    assertThat(pods.incarnations(owner)).as("incarnations").isEqualTo(lives);
    assertThat(owner.executions(ringing)).hasSize(1);
  }

  private static long life(Map<String, Long> lives, String pod) {
    return Objects.requireNonNull(lives.get(pod));
  }

  private Tally begin(int count) {
    Tally job = Tally.submit(pods.postgres(), pods.client("a"), 6, count, 20, 10);
    job.awaitOnAll(pods, pods.client("a"));
    return job;
  }

  private Set<Integer> heldBy(Tally job, String pod) {
    return Pods.running(pods.client("a"), job.instance(), Tally.STEP).entrySet().stream()
        .filter(place -> place.getValue().equals(pod))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
