// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.Bundle;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks, objects and placement groups on three pods. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TasksTest {
  private static final TaskOptions ON_B = TaskOptions.DEFAULT.withLabels(Map.of("name", "b"));
  private static final TaskOptions ON_C = TaskOptions.DEFAULT.withLabels(Map.of("name", "c"));

  @TempDir Path folder;

  private TestPods pods;
  private TestPods.TestPod a;
  private TestPods.TestPod b;
  private Cluster cluster;

  @BeforeEach
  void threePods() {
    Texts.LATCHES.clear();
    Texts.RUNS.clear();
    pods = new TestPods(folder, List.of(Texts.class, Counter.class));
    a = pods.add("a");
    b = pods.add("b");
    pods.add("c");
    cluster = a.cluster();
    pods.awaitEachOther();
  }

  @AfterEach
  void close() {
    Texts.LATCHES.values().forEach(CountDownLatch::countDown);
    pods.close();
  }

  @Test
  void runsHereAndElsewhere() {
    assertThat(cluster.submit(Texts::length, "seven..").get()).isEqualTo(7);
    assertThat(cluster.submit(ON_B, Texts::length, "seven..").get()).isEqualTo(7);
    assertThat(cluster.submit(ON_B, Texts::where).get()).isEqualTo("b");
    assertThat(cluster.submit(ON_B, Texts::count, List.of("to", "be", "to")).get())
        .containsExactly(new Texts.Count("to", 2), new Texts.Count("be", 1));
  }

  @Test
  void spreadsOverThePods() {
    Set<String> where = new HashSet<>();
    List<ObjectRef<String>> refs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      refs.add(cluster.submit(Texts::await, "all"));
    }
    while (Texts.runs("all") < 6) {
      Thread.onSpinWait();
    }
    Texts.open("all");
    refs.forEach(ref -> where.add(ref.get()));
    assertThat(where).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void largeResultsStayWhereTheyAreMadeUntilTheyAreRead() {
    ObjectRef<byte[]> large = cluster.submit(ON_B, Texts::filled, 3_000_000);
    // Both on the pod that has it and on another.
    ObjectRef<Long> there = cluster.submit(ON_B, Texts::sum, cluster.put(buffer(2_500_000)));
    assertThat(there.get()).isEqualTo(2_500_000L);
    byte[] read = large.get();
    byte[] expected = new byte[3_000_000];
    Arrays.fill(expected, (byte) 7);
    assertThat(read).isEqualTo(expected);
  }

  private static ByteBuffer buffer(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    while (buffer.hasRemaining()) {
      buffer.put((byte) 1);
    }
    return buffer.flip();
  }

  @Test
  void anObjectCrossesOnceHoweverManyReadIt() {
    ObjectRef<ByteBuffer> object = cluster.put(buffer(1_000_000));
    for (int i = 0; i < 5; i++) {
      assertThat(cluster.submit(ON_B, Texts::sum, object).get()).isEqualTo(1_000_000L);
    }
    assertThat(b.tasks().transfers().receivedBytes()).isEqualTo(1_000_000L);
  }

  @Test
  void nothingIsLeftOfObjectsThatNobodyRefersTo() {
    try (ObjectRef<ByteBuffer> object = cluster.put(buffer(1_000_000));
        ObjectRef<Long> sum = cluster.submit(ON_B, Texts::sum, object)) {
      assertThat(sum.get()).isEqualTo(1_000_000L);
    }
    eventually(
        () -> {
          assertThat(a.store().list()).isEmpty();
          assertThat(a.tasks().objects().all())
              .noneMatch(entry -> entry.value.getNow(null) instanceof Value.Stored);
        });
  }

  private static void eventually(Runnable holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        holds.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        System.gc();
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void referencesInsideArgumentsAreReadWhereTheyAre() {
    List<ObjectRef<Integer>> refs =
        List.of(cluster.put(1), cluster.put(20), cluster.submit(ON_C, Texts::length, "300"));
    assertThat(cluster.submit(ON_B, Texts::total, refs).get()).isEqualTo(24);
    assertThat(cluster.submit(Texts::total, refs).get()).isEqualTo(24);
    assertThat(cluster.submit(ON_B, Texts::there, refs).get()).isEqualTo(3);
  }

  @Test
  void waitingTasksLendTheirProcessors() {
    // More than there are processors, each waiting for another task.
    List<ObjectRef<Integer>> totals = new ArrayList<>();
    ObjectRef<Integer> slow = cluster.submit(Texts::length, "four");
    for (int i = 0; i < 20; i++) {
      totals.add(cluster.submit(Texts::total, List.of(slow)));
    }
    totals.forEach(total -> assertThat(total.get()).isEqualTo(4));
  }

  @Test
  void failuresComeWithTheirStack() {
    assertThatThrownBy(() -> cluster.submit(ON_B, Texts::fails, "on purpose").get())
        .isInstanceOfSatisfying(
            TaskFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.WORK_FAILED);
              assertThat(failure.getMessage()).contains("Texts.fails").contains("on purpose");
              assertThat(failure.remoteStack()).contains("Texts.java");
            });
  }

  @Test
  void failsAtOnceWhereNoPodCouldEverRunIt() {
    assertThatThrownBy(
            () ->
                cluster
                    .submit(TaskOptions.DEFAULT.withResources("cpu=64"), Texts::length, "x")
                    .get())
        .isInstanceOfSatisfying(
            PartitaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PLACEMENT_INFEASIBLE);
              assertThat(e.getMessage()).contains("cpu=64");
            });
  }

  @Test
  void retriesWhatItIsToldTo() {
    TaskOptions retrying =
        ON_B.withRetries(
            new TaskOptions.Retries(5, List.of(RuntimeException.class), Duration.ofMillis(1)));
    assertThat(cluster.submit(retrying, Texts::succeedsAt, "retry", 3).get()).isEqualTo(3);
    assertThatThrownBy(() -> cluster.submit(ON_B, Texts::succeedsAt, "none", 2).get())
        .isInstanceOf(TaskFailure.class);
  }

  @Test
  void runsAgainWhenItsPodDies() {
    ObjectRef<String> ref =
        cluster.submit(TaskOptions.DEFAULT.withResources("cpu=2"), Texts::await, "x");
    ObjectRef<String> second =
        cluster.submit(TaskOptions.DEFAULT.withResources("cpu=2"), Texts::await, "x");
    ObjectRef<String> third =
        cluster.submit(TaskOptions.DEFAULT.withResources("cpu=2"), Texts::await, "x");
    while (Texts.runs("x") < 3) {
      Thread.onSpinWait();
    }
    b.kill();
    Texts.open("x");
    assertThat(List.of(ref.get(), second.get(), third.get())).doesNotContain("b");
  }

  @Test
  void aLostResultIsMadeAgain() {
    ObjectRef<byte[]> large =
        cluster.submit(TaskOptions.DEFAULT.withResources("cpu=2"), Texts::filled, 500_000);
    List<ObjectRef<byte[]>> all = new ArrayList<>(List.of(large));
    for (int i = 0; i < 5; i++) {
      all.add(cluster.submit(TaskOptions.DEFAULT.withResources("cpu=2"), Texts::filled, 500_000));
    }
    cluster.await(all, all.size(), Duration.ofSeconds(20));
    b.kill();
    all.forEach(ref -> assertThat(ref.get()).hasSize(500_000));
  }

  @Test
  void cancellingInterrupts() {
    ObjectRef<String> ref = cluster.submit(ON_B, Texts::await, "never");
    while (Texts.runs("never") == 0) {
      Thread.onSpinWait();
    }
    ref.cancel();
    assertThatThrownBy(ref::get)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    eventually(() -> assertThat(b.tasks().runner().runningCount()).isZero());
  }

  /** Nothing is lost by it: it ends, and others go on. */
  @Test
  void whatCannotBeSentFails() {
    TaskOptions large = ON_B.withName("n".repeat(5 << 20));
    assertThatThrownBy(() -> cluster.submit(large, Texts::length, "x").get())
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    assertThat(cluster.submit(ON_B, Texts::length, "x").get()).isEqualTo(1);
  }

  @Test
  void whoWaitsIsToldWhenTheServerStops() {
    ObjectRef<String> ref = cluster.submit(ON_B, Texts::await, "stopped");
    while (Texts.runs("stopped") == 0) {
      Thread.onSpinWait();
    }
    a.tasks().close();
    assertThatThrownBy(ref::get)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }

  @Test
  void whatDoesNotNoticeThatItWasCancelledIsFenced() {
    ObjectRef<String> ref = cluster.submit(ON_B, Texts::awaitDeaf, "deaf");
    while (Texts.runs("deaf") == 0) {
      Thread.onSpinWait();
    }
    ref.cancel();
    assertThatThrownBy(ref::get)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    eventually(() -> assertThat(b.tasks().runner().fencedCount()).isOne());
    Texts.open("deaf");
    eventually(() -> assertThat(b.tasks().runner().fencedCount()).isZero());
    assertThat(b.tasks().runner().runningCount()).isZero();
  }

  @Test
  void timesOut() {
    ObjectRef<String> ref =
        cluster.submit(ON_B.withTimeout(Duration.ofMillis(50)), Texts::await, "late");
    assertThatThrownBy(ref::get)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
  }

  @Test
  void timesOutBetweenRetriesToo() {
    TaskOptions patient =
        ON_B.withRetries(
                new TaskOptions.Retries(5, List.of(RuntimeException.class), Duration.ofHours(1)))
            .withTimeout(Duration.ofMillis(100));
    assertThatThrownBy(() -> cluster.submit(patient, Texts::fails, "again").get())
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
  }

  @Test
  void onlyWhatIsATaskCanBeCalled() {
    assertThatThrownBy(() -> cluster.submit(Texts::notATask, "x"))
        .isInstanceOf(PartitaException.class)
        .hasMessageContaining("@Task");
    assertThatThrownBy(() -> cluster.submit((Texts texts, String text) -> texts.length(text), "x"))
        .isInstanceOf(PartitaException.class)
        .hasMessageContaining("Texts::count");
  }

  @Test
  void waitsForSoManyOfThem() {
    ObjectRef<Integer> quick = cluster.submit(Texts::length, "x");
    ObjectRef<Integer> slow = cluster.submit(Texts::total, List.of());
    assertThat(cluster.await(List.of(quick, slow), 2, Duration.ofSeconds(10))).hasSize(2);
    ObjectRef<String> never = cluster.submit(Texts::await, "never");
    assertThat(cluster.await(List.of(never), 1, Duration.ofMillis(20))).isEmpty();
  }

  @Test
  void placementGroupsAreKeptWhole() {
    PlacementGroup spread =
        PlacementGroup.gang(
            List.of(
                new Bundle(Resources.parse("cpu=2")),
                new Bundle(Resources.parse("cpu=2")),
                new Bundle(Resources.parse("cpu=1"))),
            PlacementStrategy.STRICT_SPREAD);
    try (PlacementGroupRef group = cluster.reserve(spread, Duration.ofSeconds(10))) {
      assertThat(List.of(group.node(0), group.node(1), group.node(2)))
          .containsExactlyInAnyOrder("a", "b", "c");
      for (int i = 0; i < 3; i++) {
        assertThat(cluster.submit(TaskOptions.DEFAULT.in(group.part(i)), Texts::where).get())
            .isEqualTo(group.node(i));
      }
      assertThatThrownBy(() -> cluster.reserve(spread, Duration.ofMillis(50)))
          .isInstanceOfSatisfying(
              PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
    }
    cluster.reserve(spread, Duration.ofSeconds(10)).close();
    assertThatThrownBy(
            () ->
                cluster.reserve(
                    PlacementGroup.gang(
                        List.of(new Bundle(Resources.parse("gpu=1"))), PlacementStrategy.PACK),
                    Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            PartitaException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PLACEMENT_INFEASIBLE));
  }
}
