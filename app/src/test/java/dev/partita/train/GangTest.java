// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GangTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void theLastToComeRunsTheActionOncePerBarrier() {
    Gang gang = new Gang(4, LONG);
    AtomicInteger actions = new AtomicInteger();
    List<CompletableFuture<Void>> ranks =
        ranks(
            4,
            () -> {
              for (int barrier = 1; barrier <= 200; barrier++) {
                gang.await(actions::incrementAndGet);
                assertThat(actions.get()).isGreaterThanOrEqualTo(barrier);
              }
            });
    ranks.forEach(CompletableFuture::join);
    assertThat(actions).hasValue(200);
  }

  @Test
  void oneFailureReachesAllWithItsCause() {
    Gang gang = new Gang(3, LONG);
    List<CompletableFuture<Void>> waiting = ranks(2, () -> gang.await(() -> {}));
    gang.abort(new PartitaException(ErrorCode.GANG_ABORTED, "rank 2 failed: no memory"));
    for (CompletableFuture<Void> rank : waiting) {
      assertThatThrownBy(rank::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("rank 2 failed: no memory");
    }
    assertThatThrownBy(() -> gang.await(() -> {}))
        .as("a rank that comes later")
        .hasMessageContaining("rank 2 failed: no memory");
  }

  @Test
  void aRankThatDoesNotComeEndsTheWait() {
    Gang gang = new Gang(2, Duration.ofMillis(1));
    assertThatThrownBy(() -> gang.await(() -> {}))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
        .hasMessageContaining("1 of 2 ranks did not come");
    assertThatThrownBy(() -> gang.await(() -> {}))
        .as("the late rank")
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GANG_ABORTED));
  }

  @Test
  void aFailingActionEndsAll() {
    Gang gang = new Gang(2, LONG);
    List<CompletableFuture<Void>> ranks =
        ranks(
            2,
            () ->
                gang.await(
                    () -> {
                      throw new IllegalStateException("disk full");
                    }));
    for (CompletableFuture<Void> rank : ranks) {
      assertThatThrownBy(rank::join).hasMessageContaining("disk full");
    }
  }

  @Test
  void onlyTheFirstCauseCounts() {
    Gang gang = new Gang(2, LONG);
    gang.abort(new PartitaException(ErrorCode.INTERNAL, "first"));
    gang.abort(new PartitaException(ErrorCode.INTERNAL, "second"));
    assertThatThrownBy(() -> gang.await(() -> {})).hasMessage("first");
  }

  private static List<CompletableFuture<Void>> ranks(int count, Runnable work) {
    return IntStream.range(0, count)
        .mapToObj(rank -> CompletableFuture.runAsync(work, task -> new Thread(task).start()))
        .toList();
  }
}
