// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.fixture.Tally;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.UnexpectedAnswerException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever goes wrong, in whatever order: every accepted job ends well, no number is lost or there
 * twice, each partition has one holder at a time, fencing tokens only grow, and in the end nothing
 * is held.
 */
@ExtendWith(BreakablePods.class)
class RandomFaultsIT {
  private static final int FEW = 10;
  private static final int MANY = 200;

  /** Eight seconds of work for each partition: the first fault comes before they are over. */
  private static final int COUNT = 400;

  private static final int MILLIS = 20;

  private final Pods pods;
  private final Map<String, Long> tokens = new HashMap<>();

  RandomFaultsIT(Pods pods) {
    this.pods = pods;
  }

  static LongStream seeds() {
    long first = Killer.seed() * 1_000;
    return LongStream.range(first, first + (Killer.many() ? MANY : FEW));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyAcceptedJobEndsAndEachNumberIsThereOnce(long seed) {
    Random random = new Random(seed);
    List<Fault> faults = Fault.draw(random, pods.names());
    String submitter = pods.names().get(random.nextInt(pods.names().size()));
    String other = pods.names().get(random.nextInt(pods.names().size()));
    System.out.printf(
        "seed %d: jobs by way of %s and %s, then %s%n", seed, submitter, other, faults);
    List<Tally> jobs = new ArrayList<>();
    jobs.add(Tally.submit(pods.postgres(), pods.client(submitter), 6, COUNT, MILLIS, 5));
    jobs.add(Tally.submit(pods.postgres(), pods.client(other), 4, COUNT, MILLIS, 5));
    List<Long> echoes = new ArrayList<>();
    Pods.await("something is committed", () -> jobs.stream().allMatch(t -> t.committed() > 0));
    play(faults, jobs, echoes);
    pods.heal();
    PartitaClient client = pods.client("a");
    jobs.forEach(job -> job.completes(client));
    echoes.forEach(
        echo -> assertThat(client.await(echo, MainJob.LIMIT)).as("echo").isEqualTo("COMPLETED"));
    look(jobs);
    for (String pod : pods.names()) {
      Pods.await(
          pod + " holds nothing",
          () ->
              pods.metric(pod, "partita_partitions_active") == 0
                  && pods.metric(pod, "partita_jobs_active") == 0);
    }
  }

  private void play(List<Fault> faults, List<Tally> jobs, List<Long> echoes) {
    TreeMap<Long, Runnable> timeline = new TreeMap<>();
    for (Fault fault : faults) {
      put(timeline, fault.at(), () -> fault.begin(pods));
      put(timeline, fault.at().plus(fault.lasts()), () -> fault.repair(pods));
    }
    long begun = System.nanoTime();
    boolean first = true;
    while (!timeline.isEmpty()) {
      Duration next = Duration.ofMillis(timeline.firstKey()).minusNanos(System.nanoTime() - begun);
      if (next.isNegative() || next.isZero()) {
        if (first) {
          assertThat(jobs).as("work is left").anyMatch(job -> job.committed() < job.all());
          first = false;
        }
        timeline.pollFirstEntry().getValue().run();
        submitEcho(echoes);
      } else {
        look(jobs);
        Pods.pause(next.toMillis() < 250 ? next : Duration.ofMillis(250));
      }
    }
  }

  private static void put(Map<Long, Runnable> timeline, Duration at, Runnable action) {
    long millis = at.toMillis();
    while (timeline.containsKey(millis)) {
      millis++;
    }
    timeline.put(millis, action);
  }

  /** To a pod that may be in trouble: a job counts if it was accepted. */
  private void submitEcho(List<Long> echoes) {
    String pod = pods.names().get(echoes.size() % pods.names().size());
    try {
      echoes.add(pods.hasty(pod).submit("echo", Map.of("text", "hello")));
    } catch (RuntimeException e) {
      assertThat(e)
          .as("a refused submission")
          .isInstanceOfAny(UncheckedIOException.class, UnexpectedAnswerException.class);
    }
  }

  private void look(List<Tally> jobs) {
    for (Tally job : jobs) {
      job.tokens()
          .forEach(
              (partition, token) -> {
                Long before = tokens.put(partition, token);
                assertThat(token)
                    .as("fencing token of %s", partition)
                    .isGreaterThanOrEqualTo(before == null ? 0 : before);
              });
    }
  }
}
