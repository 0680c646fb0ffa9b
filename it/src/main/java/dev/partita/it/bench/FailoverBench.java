// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Answer;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How long work stands still when a pod is killed with -9: {@code failover}. The killed pod is
 * started again after each kill. All jobs must complete.
 */
final class FailoverBench {
  private static final int KILLS = 20;
  private static final Duration JOB_LIMIT = Duration.ofMinutes(20);
  private static final Map<String, String> QUICK =
      Map.of("dims", "16", "buckets", "32768", "checkpointEvery", "10", "minimumAccuracy", "0.3");

  private final BenchPods pods;

  private FailoverBench(BenchPods pods) {
    this.pods = pods;
  }

  static List<Figure> run() {
    try (BenchPods pods = new BenchPods()) {
      FailoverBench bench = new FailoverBench(pods);
      bench.complete(pods.client("a").submit("train-text", training("text", "2", "1")));
      return List.of(
          Figure.of("failover", "chunk_partitions_moved", "s", bench.chunkWorkers()),
          Figure.of("failover", "batchlet_partition_moved", "s", bench.batchletWorkers()),
          Figure.of("failover", "job_adopted", "s", bench.owners()));
    }
  }

  private static Map<String, String> training(String model, String ranks, String epochs) {
    Map<String, String> parameters = new TreeMap<>(QUICK);
    parameters.put("model", model);
    parameters.put("ranks", ranks);
    parameters.put("epochs", epochs);
    return parameters;
  }

  /**
   * From the kill to the moment when what the killed pod ran runs elsewhere: there is a partition
   * for each pod, and room for one more on each.
   */
  private List<Double> chunkWorkers() {
    List<Double> seconds = new ArrayList<>();
    PartitaClient client = pods.client("a");
    while (seconds.size() < KILLS) {
      long instance = classify("a");
      BenchPods.await("b works and something is committed", () -> at(client, instance, "b", 2_000));
      Set<Integer> lost =
          BenchPods.running(client, instance, "classify").entrySet().stream()
              .filter(place -> place.getValue().equals("b"))
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
      pods.server("b").killHard();
      double moved =
          BenchPods.await(
              "they moved",
              () -> {
                Map<Integer, String> places = places(client, instance, "classify");
                return lost.stream().noneMatch(one -> "b".equals(places.get(one)));
              });
      if (!lost.isEmpty()) {
        seconds.add(moved);
      }
      complete(instance);
      pods.revive("b");
    }
    return seconds;
  }

  private boolean at(PartitaClient client, long instance, String pod, int texts) {
    Answer summary = client.get("/api/predictions/" + instance + "/summary");
    return summary.status() == 200
        && summary.object().getInt("total") > texts
        && BenchPods.running(client, instance, "classify").containsValue(pod);
  }

  private static Map<Integer, String> places(PartitaClient client, long instance, String step) {
    return BenchPods.running(client, instance, step);
  }

  /** The same for the one partition of a training. */
  private List<Double> batchletWorkers() {
    List<Double> seconds = new ArrayList<>();
    String owner = "a";
    while (seconds.size() < KILLS) {
      PartitaClient client = pods.client(owner);
      long instance = client.submitJsl(loose(), training("loose", "1", "40"));
      BenchPods.await("it trains and has a checkpoint", () -> pods.checkpoints(instance) > 0);
      String victim = BenchPods.running(client, instance, "train").get(0);
      if (owner.equals(victim)) {
        // Next time another pod owns the job, so that only the worker is killed.
        owner = BenchPods.other(owner);
      } else if (victim != null) {
        pods.server(victim).killHard();
        seconds.add(
            BenchPods.await(
                "it moved",
                () -> {
                  String now = BenchPods.running(client, instance, "train").get(0);
                  return now != null && !now.equals(victim);
                }));
        pods.revive(victim);
      }
      client.stop(instance);
      client.await(instance, JOB_LIMIT);
    }
    return seconds;
  }

  /** From the kill to the new execution; all kills in one job, which completes. */
  private List<Double> owners() {
    List<Double> seconds = new ArrayList<>();
    String owner = "a";
    long instance = pods.client(owner).submit("train-text", training("owners", "1", "800"));
    while (seconds.size() < KILLS) {
      String other = BenchPods.other(owner);
      PartitaClient client = pods.client(other);
      int before = client.executions(instance).size();
      BenchPods.await(
          "the execution trains", () -> !BenchPods.running(client, instance, "train").isEmpty());
      ServerProcess.pause(1_000);
      pods.server(owner).killHard();
      seconds.add(
          BenchPods.await("it is adopted", () -> client.executions(instance).size() > before));
      pods.revive(owner);
      owner = client.executions(instance).get(0).getString("serverId");
    }
    pods.client(owner).await(instance, JOB_LIMIT);
    complete(instance);
    return seconds;
  }

  private long classify(String pod) {
    return pods.client(pod)
        .submit("classify-text", Map.of("model", "text", "itemCount", "40", "partitions", "3"));
  }

  private void complete(long instance) {
    String status = pods.client("a").await(instance, JOB_LIMIT);
    if (!status.equals("COMPLETED")) {
      throw new IllegalStateException("Job " + instance + " ended " + status);
    }
  }

  /** The training of train-text, with its one rank as a partition that any pod may run. */
  private static String loose() {
    try {
      return Files.readString(Checkout.find().root().resolve("batch-jobs/train-text.xml"))
          .replace("name=\"partita.gang\" value=\"true\"", "name=\"partita.gang\" value=\"false\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
