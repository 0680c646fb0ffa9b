// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counts and timeline of one of two pods. */
@Timeout(60)
class TaskStatisticsTest {
  @TempDir Path folder;

  private TestPods pods;
  private TestPods.TestPod b;
  private Cluster cluster;

  @BeforeEach
  void twoPods() {
    Texts.LATCHES.clear();
    Texts.RUNS.clear();
    pods = new TestPods(folder, List.of(Texts.class, Counter.class));
    TestPods.TestPod a = pods.add("a");
    b = pods.add("b");
    cluster = a.cluster();
    pods.awaitEachOther();
  }

  @AfterEach
  void close() {
    Texts.LATCHES.values().forEach(CountDownLatch::countDown);
    pods.close();
  }

  private static TaskOptions on(String pod) {
    return TaskOptions.DEFAULT.withLabels(Map.of("name", pod));
  }

  @Test
  void countsByState() {
    ObjectRef<Integer> done = cluster.submit(Texts::length, "abc");
    assertThat(done.get()).isEqualTo(3);
    ObjectRef<Integer> failed = cluster.submit(Texts::fails, "as it should");
    cluster.await(List.of(failed), 1, Duration.ofSeconds(20));
    ActorRef<Counter> counter = cluster.actor(Counter.class);
    ObjectRef<String> held = counter.call(Counter::await, "held");
    while (Texts.runs("held") == 0) {
      Thread.onSpinWait();
    }
    ObjectRef<Integer> behind = counter.call(Counter::add, 1);
    TaskStatistics.Counts counts = new TaskStatistics(cluster).counts();
    assertThat(counts.endedTasks()).isEqualTo(Map.of("succeeded", 1L, "failed", 1L));
    assertThat(counts.openTasks()).isEqualTo(Map.of("running", 2L));
    assertThat(counts.actors()).isEqualTo(Map.of("alive", 1L));
    assertThat(counts.sums().mailboxCalls()).isEqualTo(2);
    assertThat(counts.objects()).isEqualTo(Map.of("available", 1L, "failed", 1L, "pending", 2L));
    Texts.open("held");
    assertThat(held.get()).isNotEmpty();
    assertThat(behind.get()).isEqualTo(1);
    done.close();
  }

  @Test
  void countsRestarts() {
    ActorRef<Counter> counter = cluster.actor(Counter.class);
    while (!counter.call(Counter::where).get().equals("b")) {
      counter = cluster.actor(Counter.class);
    }
    b.kill();
    assertThat(counter.call(Counter::where).get()).isEqualTo("a");
    assertThat(new TaskStatistics(cluster).counts().sums().restarts()).isPositive();
  }

  @Test
  void tasksCallsAndTransfersAreOnTheTimelineOfThePodThatRanThem() {
    ObjectRef<byte[]> bytes = cluster.submit(on("b"), Texts::filled, 1_000_000);
    assertThat(bytes.get()).hasSize(1_000_000);
    assertThat(
            cluster
                .actor(Counter.class, ActorOptions.DEFAULT.withLabels(Map.of("name", "a")))
                .call(Counter::add, 1)
                .get())
        .isEqualTo(1);
    ObjectRef<ByteBuffer> put = cluster.put(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(cluster.submit(on("a"), Texts::sum, put).get()).isEqualTo(6);
    TaskStatistics here = new TaskStatistics(cluster);
    TaskStatistics there = new TaskStatistics(b.cluster());
    // An end is told before it is on the timeline.
    while (here.timeline(Duration.ofMinutes(1)).size() < 3
        || there.timeline(Duration.ofMinutes(1)).isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(here.timeline(Duration.ofMinutes(1)))
        .extracting(TimelineEvent::kind)
        .containsExactlyInAnyOrder(
            TimelineEvent.Kind.TRANSFER, TimelineEvent.Kind.ACTOR_CALL, TimelineEvent.Kind.TASK);
    assertThat(there.timeline(Duration.ofMinutes(1)))
        .extracting(TimelineEvent::name)
        .containsExactly("Texts.filled");
    assertThat(here.counts().sums().receivedBytes()).isEqualTo(1_000_000);
  }
}
