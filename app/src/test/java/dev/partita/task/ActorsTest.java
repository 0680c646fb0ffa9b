// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Actors on two pods and their deaths. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ActorsTest {
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

  private static ActorOptions on(String pod) {
    return ActorOptions.DEFAULT.withLabels(Map.of("name", pod));
  }

  /** On b as long as that lives. */
  private ActorRef<Counter> counterOnB(Delivery delivery) {
    ActorRef<Counter> counter =
        cluster.actor(Counter.class, ActorOptions.DEFAULT.withDelivery(delivery), 100);
    while (!counter.call(Counter::where).get().equals("b")) {
      counter.close();
      counter = cluster.actor(Counter.class, ActorOptions.DEFAULT.withDelivery(delivery), 100);
    }
    return counter;
  }

  @Test
  void keepsStateAndOrder() {
    for (String pod : List.of("a", "b")) {
      ActorRef<Counter> counter = cluster.actor(Counter.class, on(pod), 10);
      List<ObjectRef<Integer>> refs = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        refs.add(counter.call(Counter::add, 1));
      }
      for (int i = 0; i < refs.size(); i++) {
        assertThat(refs.get(i).get()).isEqualTo(11 + i);
      }
      assertThat(counter.call(Counter::where).get()).isEqualTo(pod);
      counter.close();
      assertThatThrownBy(() -> counter.call(Counter::add, 1).get())
          .isInstanceOfSatisfying(
              PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACTOR_DIED));
    }
  }

  @Test
  void aFailureIsTheCallsOwn() {
    ActorRef<Counter> counter = cluster.actor(Counter.class, on("b"), 0);
    assertThatThrownBy(() -> counter.call(Counter::fails).get())
        .hasMessageContaining("as it should");
    assertThat(counter.call(Counter::add, 5).get()).isEqualTo(5);
  }

  @Test
  void replicasShareTheCalls() {
    ActorRef<Counter> counters = cluster.replicas(4, Counter.class, ActorOptions.DEFAULT, 0);
    Set<String> where = new HashSet<>();
    List<ObjectRef<String>> refs = new ArrayList<>();
    // Each waits, so that the next goes to another replica.
    for (int i = 0; i < 4; i++) {
      refs.add(counters.call(Counter::await, "shared"));
    }
    while (Texts.runs("shared") < 4) {
      Thread.onSpinWait();
    }
    Texts.open("shared");
    refs.forEach(ref -> where.add(ref.get()));
    assertThat(where).containsExactlyInAnyOrder("a", "b");
    counters.close();
  }

  @Test
  void goesOnFromItsSnapshotExactlyOnce() {
    ActorRef<Counter> counter = counterOnB(Delivery.EXACTLY_ONCE);
    int answered = 0;
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      refs.add(counter.call(Counter::add, 1));
      if (i == 1_000) {
        refs.get(500).get();
        b.kill();
      }
    }
    for (ObjectRef<Integer> ref : refs) {
      assertThat(ref.get()).isEqualTo(101 + answered++);
    }
    assertThat(counter.call(Counter::where).get()).isEqualTo("a");
    assertThat(counter.call(Counter::add, 0).get()).isEqualTo(3_100);
  }

  @Test
  void atMostOnceFailsWhatMayHaveBegun() {
    ActorRef<Counter> counter = counterOnB(Delivery.AT_MOST_ONCE);
    ObjectRef<String> begun = counter.call(Counter::await, "x");
    while (Texts.runs("x") == 0) {
      Thread.onSpinWait();
    }
    b.kill();
    assertThatThrownBy(begun::get)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACTOR_DIED));
    assertThat(counter.call(Counter::where).get()).isEqualTo("a");
  }

  @Test
  void atLeastOnceMakesItAgain() {
    ActorRef<Counter> counter = counterOnB(Delivery.AT_LEAST_ONCE);
    ObjectRef<String> begun = counter.call(Counter::await, "x");
    while (Texts.runs("x") == 0) {
      Thread.onSpinWait();
    }
    b.kill();
    Texts.open("x");
    assertThat(begun.get()).isEqualTo("a");
  }

  @Test
  void endsWhenItsRestartsAreUsedUp() {
    ActorRef<Counter> counter = cluster.actor(Counter.class, on("b").withMaxRestarts(0), 0);
    counter.call(Counter::add, 1).get();
    b.kill();
    assertThatThrownBy(
            () -> {
              while (true) {
                counter.call(Counter::add, 1).get();
              }
            })
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACTOR_DIED));
  }

  @Test
  void anActorThatNobodyRefersToEndsWhenItsCallsHave() {
    ObjectRef<String> call =
        cluster.actor(Counter.class, on("b"), 0).call(Counter::await, "abandoned");
    while (Texts.runs("abandoned") == 0) {
      Thread.onSpinWait();
    }
    System.gc();
    Texts.open("abandoned");
    assertThat(call.get()).isEqualTo("b");
    while (!b.tasks().host().all().isEmpty()) {
      System.gc();
      Thread.onSpinWait();
    }
  }

  @Test
  void aReferenceGoesToOtherPodsAndCallsThereGoByItsOwner() {
    ActorRef<Counter> counter = cluster.actor(Counter.class, on("b"), 0);
    TaskOptions onB = TaskOptions.DEFAULT.withLabels(Map.of("name", "b"));
    assertThat(cluster.submit(onB, Texts::adds, counter, 500).get()).isEqualTo(500);
    assertThat(cluster.submit(Texts::adds, counter, 500).get()).isEqualTo(1_000);
    assertThat(counter.call(Counter::add, 0).get()).isEqualTo(1_000);
    ObjectRef<String> ended =
        cluster.submit(onB, Texts::callsUntilItFails, counter, "until it is killed");
    while (Texts.runs("until it is killed") == 0) {
      Thread.onSpinWait();
    }
    counter.close();
    assertThat(ended.get()).isEqualTo("ACTOR_DIED");
  }

  @Test
  void aNamedActorOutlivesItsKeeperExactlyOnce() {
    ActorOptions exactly = ActorOptions.DEFAULT.withDelivery(Delivery.EXACTLY_ONCE);
    ActorRef<Counter> there = b.cluster().named("sum", Counter.class, exactly, 100);
    assertThat(there.call(Counter::add, 1).get()).isEqualTo(101);
    ActorRef<Counter> here = cluster.named("sum", Counter.class, exactly, 7);
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      refs.add(here.call(Counter::add, 1));
      if (i == 700) {
        refs.get(300).get();
        b.kill();
      }
    }
    for (int i = 0; i < refs.size(); i++) {
      assertThat(refs.get(i).get()).isEqualTo(102 + i);
    }
    cluster.end("sum");
    assertThatThrownBy(() -> here.call(Counter::add, 1).get()).isInstanceOf(PartitaException.class);
    assertThat(cluster.named("sum", Counter.class, exactly, 7).call(Counter::add, 1).get())
        .isEqualTo(8);
  }

  @Test
  void anActorDiesWithItsOwner() {
    ActorRef<Counter> counter = b.cluster().actor(Counter.class, on("a"), 0);
    counter.call(Counter::add, 1).get();
    TaskNode a = cluster.node();
    assertThat(a.host().all()).hasSize(1);
    b.kill();
    while (!a.host().all().isEmpty()) {
      Thread.onSpinWait();
    }
  }
}
