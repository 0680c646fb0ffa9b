// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * 100,000 partitions on 1,000 nodes; prints a line of JSON per figure, as it/README.md describes.
 * Run by {@code mvn -Pbench verify} from its source, so it uses what is public only.
 */
public final class SchedulingBench {
  private static final int NODES = 1_000;
  private static final int PARTITIONS = 100_000;
  private static final int JOBS = 100;
  private static final int TENANTS = 10;
  private static final int RUNS = 5;
  private static final int WARM_UPS = 2;
  private static final int ENDS_A_ROUND = 100;
  private static final Resources NODE = Resources.parse("cpu=64,memory=256GiB,gpu=8");

  private SchedulingBench() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    double[] rates = new double[RUNS];
    double[] ratios = new double[RUNS];
    double[] churn = new double[RUNS];
    double[] gangs = new double[RUNS];
    for (int run = -WARM_UPS; run < RUNS; run++) {
      int kept = Math.max(run, 0);
      Scheduler scheduler = cluster();
      Resources asked = submit(scheduler, new SplittableRandom(run), PARTITIONS, 1.0, false);
      long began = System.nanoTime();
      Round round = scheduler.schedule(Instant.EPOCH, Integer.MAX_VALUE);
      List<Placement> placed = placements(round);
      rates[kept] = placed.size() / seconds(began);
      require(placed.size() == PARTITIONS, placed.size() + " placed of " + PARTITIONS);
      Set<NodeId> used = new HashSet<>();
      placed.forEach(placement -> used.add(placement.node()));
      ratios[kept] = used.size() / lowerBound(asked);
      churn[kept] = churn(run);
      gangs[kept] = gangs(run);
    }
    print("placements", "placements/s", rates);
    print("packing_nodes_to_lower_bound", "ratio", ratios);
    print("placements_as_places_become_free", "placements/s", churn);
    print("gang_members_placed", "placements/s", gangs);
  }

  /** Twice what fits is queued; every round some end and others take their places. */
  private static double churn(int seed) {
    Scheduler scheduler = cluster();
    submit(scheduler, new SplittableRandom(seed), PARTITIONS, 6.0, false);
    List<Placement> running = new ArrayList<>();
    running.addAll(placements(scheduler.schedule(Instant.EPOCH, Integer.MAX_VALUE)));
    require(running.size() < PARTITIONS, "all fit at once");
    SplittableRandom random = new SplittableRandom(seed);
    int placed = 0;
    long began = System.nanoTime();
    for (int round = 1; round <= 100; round++) {
      for (int i = 0; i < ENDS_A_ROUND; i++) {
        int at = random.nextInt(running.size());
        scheduler.ended(running.get(at), AttemptEnd.COMPLETED, true);
        running.set(at, running.get(running.size() - 1));
        running.remove(running.size() - 1);
      }
      Round decided = scheduler.schedule(Instant.ofEpochSecond(round), Integer.MAX_VALUE);
      List<Placement> started = placements(decided);
      placed += started.size();
      running.addAll(started);
    }
    return placed / seconds(began);
  }

  private static double gangs(int seed) {
    Scheduler scheduler = cluster();
    submit(scheduler, new SplittableRandom(seed), 10_000, 1.0, true);
    long began = System.nanoTime();
    int placed = placements(scheduler.schedule(Instant.EPOCH, Integer.MAX_VALUE)).size();
    require(placed == 10_000, placed + " placed of 10000");
    return placed / seconds(began);
  }

  private static Scheduler cluster() {
    Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULT, Instant.EPOCH);
    for (int i = 0; i < NODES; i++) {
      NodeTraits traits = new NodeTraits("cpu", Map.of(), "h");
      NodeState node = new NodeState(new NodeId("n" + i), 1, traits, NODE, false);
      scheduler.nodeJoined(node, placement -> false);
    }
    return scheduler;
  }

  /** Gangs have 8 members each; else each job has a hundredth of all partitions. */
  private static Resources submit(
      Scheduler scheduler, SplittableRandom random, int partitions, double size, boolean gang) {
    int jobs = gang ? partitions / 8 : JOBS;
    Resources asked = Resources.ZERO;
    for (int job = 0; job < jobs; job++) {
      List<Bundle> bundles = new ArrayList<>();
      Resources ask = ask(random, size);
      for (int i = 0; i < partitions / jobs; i++) {
        bundles.add(new Bundle(ask));
        asked = asked.plus(ask);
      }
      scheduler.submit(
          new Demand(
              "job" + job,
              gang
                  ? PlacementGroup.gang(bundles, PlacementStrategy.PACK)
                  : PlacementGroup.each(bundles, PlacementStrategy.PACK),
              Where.ANYWHERE,
              new Share("tenant" + job % TENANTS, 1 + job % 3, 0),
              RetryPolicy.DEFAULT));
    }
    return asked;
  }

  private static Resources ask(SplittableRandom random, double size) {
    double cpu = size * (0.1 + 0.1 * random.nextInt(9));
    int mebibytes = (int) (size * (256 + 256 * random.nextInt(11)));
    String gpu = random.nextInt(20) == 0 ? ",gpu=" + (random.nextBoolean() ? "0.25" : "0.5") : "";
    return Resources.parse(
        String.format(Locale.ROOT, "cpu=%.3f,memory=%dMiB%s", cpu, mebibytes, gpu));
  }

  private static double lowerBound(Resources asked) {
    double cpu = (double) asked.cpuMilli() / NODE.cpuMilli();
    double memory = (double) asked.memoryBytes() / NODE.memoryBytes();
    double gpu = (double) asked.gpuMilli() / NODE.gpuMilli();
    return Math.ceil(Math.max(cpu, Math.max(memory, gpu)));
  }

  private static List<Placement> placements(Round round) {
    return round.assignments().stream().flatMap(a -> a.placements().stream()).toList();
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static void print(String figure, String unit, double[] values) {
    Arrays.sort(values);
    System.out.printf(
        Locale.ROOT,
        "{\"peer\":\"partita\",\"workload\":\"scheduling\",\"figure\":\"%s\",\"unit\":\"%s\","
            + "\"median\":%.3f,\"min\":%.3f,\"max\":%.3f,\"runs\":%d,"
            + "\"limit\":null,\"limit_is\":null,\"load1\":%s}%n",
        figure,
        unit,
        values[values.length / 2],
        values[0],
        values[values.length - 1],
        values.length,
        load());
  }

  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    } catch (java.io.IOException e) {
      return "null";
    }
  }
}
