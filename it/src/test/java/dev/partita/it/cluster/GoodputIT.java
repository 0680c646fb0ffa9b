// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.BreakablePods;
import dev.partita.it.fixture.JobHistory;
import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.Pods;
import dev.partita.it.server.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A training over two of three pods, one of which, at random, is killed every half minute and
 * started again: the owner of the job, the leader, either rank, or whoever stands by.
 */
@EnabledIf(
    value = "dev.partita.it.fixture.Killer#many",
    disabledReason = "half an hour of kills runs with -Pchecks,long")
@ExtendWith(BreakablePods.class)
class GoodputIT {
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final double LEAST = 0.9;

  /** Pods tell how far they are four times a second. */
  private static final Duration STANDSTILL = Duration.ofMillis(500);

  private static final String STEP = "train";

  private final Pods pods;

  GoodputIT(Pods pods) {
    this.pods = pods;
  }

  /** Iterations at an instant, as a pod told them. */
  private record Progress(Instant at, long done) {}

  @Test
  void aPodThatDiesEveryHalfMinuteCostsLittleTimeAndNoBit() {
    Random random = new Random(Killer.seed());
    Duration time = Duration.ofMinutes(Long.getLong("partita.goodput.minutes", 30));
    long epochs = epochsFor(time.plus(EVERY));
    long instance = pods.client("a").submit("train-text", training("killed", epochs, "SPREAD"));
    assertThat(Killer.awaitShare(pods.client("a"), instance, STEP, 0.001)).isTrue();
    List<Instant> kills = new ArrayList<>();
    StringBuilder victims = new StringBuilder();
    while (kills.size() < time.dividedBy(EVERY)) {
      Pods.pause(EVERY);
      String victim = pods.names().get(random.nextInt(pods.names().size()));
      pods.server(victim).awaitReady();
      kills.add(Instant.now());
      pods.server(victim).killHard();
      pods.server(victim).startWithoutWaiting();
      victims.append(' ').append(victim);
    }
    Pods.pause(EVERY);
    pods.heal();
    MainJob job = new MainJob(pods.client("b"));
    assertThat(pods.client("b").await(instance, time.plus(MainJob.LIMIT))).isEqualTo("COMPLETED");
    List<Progress> told = progress(instance);
    Instant begun = kills.get(0).minus(EVERY);
    Instant ended = kills.get(kills.size() - 1).plus(EVERY);
    List<Duration> lost = standstills(told, begun, ended);
    double wall = Duration.between(begun, ended).toMillis();
    double goodput = 1 - lost.stream().mapToLong(Duration::toMillis).sum() / wall;
    System.out.printf(
        "killed%s: goodput %.3f over %.0f s, standstills %s ms, %d executions, %d epochs%n",
        victims,
        goodput,
        wall / 1e3,
        lost.stream().map(Duration::toMillis).toList(),
        pods.client("b").executions(instance).size(),
        epochs);
    long calm = job.train(training("calm", epochs, "PACK"));
    assertThat(job.weights("killed", instance)).as("weights").isEqualTo(job.weights("calm", calm));
    assertThat(goodput).as("goodput").isGreaterThanOrEqualTo(LEAST);
  }

  /** As many as a training without kills would need that long for. */
  private long epochsFor(Duration time) {
    MainJob job = new MainJob(pods.client("a"));
    long epochs = 2;
    List<Progress> told = progress(job.train(training("pace", epochs, "SPREAD")));
    Progress first = told.get(0);
    Progress last = told.get(told.size() - 1);
    double perSecond =
        (last.done() - first.done()) / (Duration.between(first.at(), last.at()).toMillis() / 1e3);
    return Math.round(time.toSeconds() * perSecond / (last.done() / (double) epochs)) + 1;
  }

  /**
   * How long no iteration was done that had not been done before, each time that this was longer
   * than {@link #STANDSTILL}: what is done once more is no progress.
   */
  private static List<Duration> standstills(List<Progress> told, Instant begun, Instant ended) {
    List<Progress> inOrder = told.stream().sorted(Comparator.comparing(Progress::at)).toList();
    assertThat(inOrder.get(inOrder.size() - 1).at()).as("work was left").isAfter(ended);
    List<Duration> found = new ArrayList<>();
    Instant last = begun;
    long furthest = 0;
    for (Progress progress : inOrder) {
      if (progress.done() > furthest) {
        furthest = progress.done();
        Instant at = progress.at().isAfter(ended) ? ended : progress.at();
        Duration still = Duration.between(last, at);
        if (still.compareTo(STANDSTILL) > 0) {
          found.add(still);
        }
        last = at.isAfter(last) ? at : last;
      }
    }
    return found;
  }

  private List<Progress> progress(long instance) {
    List<Progress> found = new ArrayList<>();
    for (JobEvent event : JobHistory.read(pods.client("b"), instance).events()) {
      if (event.type().equals("progress") && event.data().getString("step", "").equals(STEP)) {
        found.add(
            new Progress(
                Instant.parse(event.data().getString("time")),
                JobHistory.number(event.data(), "done")));
      }
    }
    return found;
  }

  /** Small batches: many iterations that take little time each. */
  private static Map<String, String> training(String model, long epochs, String placement) {
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining(model, 2));
    parameters.put("placement", placement);
    parameters.put("epochs", Long.toString(epochs));
    parameters.put("globalBatch", "64");
    parameters.put("checkpointEvery", "50");
    return parameters;
  }
}
