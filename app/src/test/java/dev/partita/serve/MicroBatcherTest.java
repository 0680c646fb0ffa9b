// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicroBatcherTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void everyCallerGetsItsOwnAnswer() {
    AtomicInteger computations = new AtomicInteger();
    MicroBatcher<Integer> batcher =
        new MicroBatcher<>(
            16,
            100_000,
            LONG,
            items -> {
              computations.incrementAndGet();
              assertThat(items.size()).isLessThanOrEqualTo(16);
              return twice(items);
            });
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      Random random = new Random(caller);
      callers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int call = 0; call < 2_000; call++) {
                  List<Integer> items = random.ints(random.nextInt(5), 0, 1_000).boxed().toList();
                  assertThat(batcher.submit(items)).isEqualTo(twice(items));
                }
              },
              threads));
    }
    callers.forEach(CompletableFuture::join);
    assertThat(computations.get()).isLessThanOrEqualTo(16_000);
    assertThat(batcher.queued()).isZero();
  }

  /**
   *
   *
   * <pre>
   * first  computes [1] ........................ ends
   * others                 queue up [2] [3] [4]        one of them computes [2 3 4]
   * </pre>
   */
  @Test
  void thoseWhoArriveMeanwhileShareTheNextBatch() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> sizes = new ArrayList<>();
    MicroBatcher<Integer> batcher =
        new MicroBatcher<>(
            16,
            3,
            LONG,
            items -> {
              sizes.add(items.size());
              started.countDown();
              await(go);
              return twice(items);
            });
    List<CompletableFuture<float[]>> answers = new ArrayList<>();
    answers.add(call(batcher, 1));
    started.await();
    for (int i = 2; i <= 4; i++) {
      answers.add(call(batcher, i));
    }
    while (batcher.queued() < 3) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> batcher.submit(List.of(5)))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    go.countDown();
    for (int i = 1; i <= 4; i++) {
      assertThat(answers.get(i - 1).join()).containsExactly(2f * i);
    }
    assertThat(sizes).containsExactly(1, 3);
  }

  @Test
  void whoseEndOfPatienceComesLeavesTheQueue() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    MicroBatcher<Integer> batcher =
        new MicroBatcher<>(
            16,
            16,
            Duration.ofMillis(1),
            items -> {
              started.countDown();
              await(go);
              return twice(items);
            });
    CompletableFuture<float[]> first = call(batcher, 1);
    started.await();
    assertThatThrownBy(() -> batcher.submit(List.of(2)))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
    assertThat(batcher.queued()).isZero();
    go.countDown();
    assertThat(first.join()).containsExactly(2f);
  }

  @Test
  void aFailureReachesItsCallerAndNobodyElse() {
    MicroBatcher<Integer> batcher =
        new MicroBatcher<>(
            4,
            16,
            LONG,
            items -> {
              if (items.contains(13)) {
                throw new IllegalStateException("unlucky");
              }
              return twice(items);
            });
    assertThatThrownBy(() -> batcher.submit(List.of(13))).hasMessageContaining("unlucky");
    assertThat(batcher.submit(List.of(1))).containsExactly(2f);
    assertThatThrownBy(() -> batcher.submit(List.of(1, 2, 3, 4, 5)))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    assertThat(batcher.submit(List.of())).isEmpty();
  }

  private CompletableFuture<float[]> call(MicroBatcher<Integer> batcher, int item) {
    return CompletableFuture.supplyAsync(() -> batcher.submit(List.of(item)), threads);
  }

  private static float[] twice(List<Integer> items) {
    float[] results = new float[items.size()];
    IntStream.range(0, results.length).forEach(i -> results[i] = 2f * items.get(i));
    return results;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
