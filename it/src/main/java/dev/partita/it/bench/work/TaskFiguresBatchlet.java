// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench.work;

import dev.partita.scheduling.Bundle;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import dev.partita.task.ActorOptions;
import dev.partita.task.ActorRef;
import dev.partita.task.Cluster;
import dev.partita.task.ObjectRef;
import dev.partita.task.TaskOptions;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Measures tasks and actors from inside this pod, on the pod whose label {@code letter} is {@code
 * where}. The exit status is {@code figure=run,run,run;…}.
 */
@Named
@Dependent
@SuppressWarnings("NullAway.Init")
public class TaskFiguresBatchlet extends AbstractBatchlet {
  private static final int RUNS = 3;
  private static final int LARGE = 100 << 20;

  private final StringBuilder figures = new StringBuilder();

  @Inject private Cluster cluster;

  @Inject
  @BatchProperty(name = "where")
  private String where;

  private TaskOptions there;
  private ActorOptions actorThere;

  @Override
  public String process() {
    Map<String, String> labels = Map.of("letter", where);
    there = TaskOptions.DEFAULT.withLabels(labels);
    actorThere = ActorOptions.DEFAULT.withLabels(labels);
    for (int warm = 0; warm < 20; warm++) {
      all(1_000, () -> cluster.submit(there, Noop::noop));
    }
    rate("tasks_sync", 500, () -> one(500, () -> cluster.submit(there, Noop::noop)));
    percentiles("tasks_sync", () -> cluster.submit(there, Noop::noop));
    rate(
        "tasks_async_1000_in_flight",
        1_000,
        () -> all(1_000, () -> cluster.submit(there, Noop::noop)));
    rate("tasks_batch_10000", 10_000, () -> all(10_000, () -> cluster.submit(there, Noop::noop)));
    actors();
    rate("placement_group_create_remove", 50, this::groups);
    wait1000();
    large();
    return figures.toString();
  }

  private void actors() {
    try (ActorRef<NoopActor> actor = cluster.actor(NoopActor.class, actorThere)) {
      for (int warm = 0; warm < 10; warm++) {
        all(2_000, () -> actor.call(NoopActor::noop));
      }
      rate("actor_calls_1to1_sync", 500, () -> one(500, () -> actor.call(NoopActor::noop)));
      percentiles("actor_calls_sync", () -> actor.call(NoopActor::noop));
      rate("actor_calls_1to1_async", 2_000, () -> all(2_000, () -> actor.call(NoopActor::noop)));
    }
    List<ActorRef<NoopActor>> two =
        List.of(
            cluster.actor(NoopActor.class, actorThere), cluster.actor(NoopActor.class, actorThere));
    rate("actor_calls_n_to_n_async", 4_000, () -> both(two));
    two.forEach(ActorRef::close);
    rate("actor_create_to_first_call", 20, () -> create(20));
    rate("actor_create_to_first_call_1000", 1_000, () -> create(1_000));
  }

  /** Two callers, each of which calls both. */
  private int both(List<ActorRef<NoopActor>> actors) {
    List<CompletableFuture<Integer>> callers = new ArrayList<>();
    for (int caller = 0; caller < 2; caller++) {
      callers.add(
          CompletableFuture.supplyAsync(
              () -> {
                int right = 0;
                List<ObjectRef<String>> refs = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                  refs.add(actors.get(i % 2).call(NoopActor::noop));
                }
                for (ObjectRef<String> ref : refs) {
                  right += right(ref);
                }
                return right;
              },
              task -> new Thread(task).start()));
    }
    return callers.stream().mapToInt(CompletableFuture::join).sum();
  }

  private int create(int count) {
    List<ActorRef<NoopActor>> made = new ArrayList<>();
    List<ObjectRef<String>> refs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(cluster.actor(NoopActor.class, actorThere));
      refs.add(made.get(i).call(NoopActor::noop));
    }
    int right = 0;
    for (ObjectRef<String> ref : refs) {
      right += right(ref);
    }
    made.forEach(ActorRef::close);
    return right;
  }

  private int groups() {
    PlacementGroup two =
        PlacementGroup.gang(
            List.of(
                new Bundle(Resources.parse("cpu=0.01")), new Bundle(Resources.parse("cpu=0.01"))),
            where.equals("a") ? PlacementStrategy.PACK : PlacementStrategy.STRICT_SPREAD);
    for (int i = 0; i < 50; i++) {
      cluster.reserve(two, Duration.ofSeconds(10)).close();
    }
    return 50;
  }

  private void wait1000() {
    List<ObjectRef<String>> refs = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      refs.add(cluster.submit(there, Noop::noop));
    }
    refs.forEach(ObjectRef::get);
    double[] millis = new double[RUNS * 10];
    for (int run = 0; run < millis.length; run++) {
      long from = System.nanoTime();
      List<ObjectRef<String>> left = refs;
      while (!left.isEmpty()) {
        int some = Math.min(100, left.size());
        check(cluster.await(left.subList(0, some), some, Duration.ofSeconds(10)).size(), some);
        left = left.subList(some, left.size());
      }
      millis[run] = (System.nanoTime() - from) / 1e6;
    }
    Arrays.sort(millis);
    note("wait_1k_refs", millis[millis.length / 2]);
  }

  /** Large objects that are made there and read here. */
  private void large() {
    double[] rates = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      try (ObjectRef<ByteBuffer> made = cluster.submit(there, Bytes::make, LARGE)) {
        check(cluster.await(List.of(made), 1, Duration.ofSeconds(60)).size(), 1);
        long from = System.nanoTime();
        ByteBuffer read = made.get();
        rates[run] = LARGE / 1e9 / ((System.nanoTime() - from) / 1e9);
        check(read.remaining(), LARGE);
        check(read.get(LARGE - 4_096), 1);
      }
      System.gc();
    }
    note("object_fetch_100MiB", rates);
  }

  private static int right(ObjectRef<String> ref) {
    try (ref) {
      return ref.get().equals("ok") ? 1 : 0;
    }
  }

  private static int one(int count, Supplier<ObjectRef<String>> call) {
    int right = 0;
    for (int i = 0; i < count; i++) {
      right += right(call.get());
    }
    return right;
  }

  private static int all(int count, Supplier<ObjectRef<String>> call) {
    List<ObjectRef<String>> refs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      refs.add(call.get());
    }
    int right = 0;
    for (ObjectRef<String> ref : refs) {
      right += right(ref);
    }
    return right;
  }

  private void rate(String figure, int count, IntSupplier work) {
    double[] rates = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      long from = System.nanoTime();
      check(work.getAsInt(), count);
      rates[run] = count / ((System.nanoTime() - from) / 1e9);
    }
    note(figure, rates);
  }

  private void percentiles(String figure, Supplier<ObjectRef<String>> call) {
    double[] micros = new double[2_000];
    for (int i = 0; i < micros.length; i++) {
      long from = System.nanoTime();
      check(right(call.get()), 1);
      micros[i] = (System.nanoTime() - from) / 1e3;
    }
    Arrays.sort(micros);
    note(figure + "_p50", micros[micros.length / 2]);
    note(figure + "_p99", micros[micros.length * 99 / 100]);
  }

  private static void check(int found, int expected) {
    if (found != expected) {
      throw new IllegalStateException(found + " right results of " + expected);
    }
  }

  private void note(String figure, double... runs) {
    figures.append(figure).append('=');
    for (int i = 0; i < runs.length; i++) {
      figures.append(i == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.5g", runs[i]));
    }
    figures.append(';');
  }
}
