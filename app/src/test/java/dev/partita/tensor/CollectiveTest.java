// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class CollectiveTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** What each rank's body gave, ranks in their own threads. */
  private static <T> List<T> onRanks(int ranks, IntFunction<Callable<T>> body) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (int r = 0; r < ranks; r++) {
        running.add(threads.submit(body.apply(r)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : running) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static float[] values(int shard, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (shard + 1) * 0.1f + i * 1e-3f;
    }
    return values;
  }

  /** Sum of eight shards on each of so many ranks. */
  private static List<float[]> sums(int ranks, int count) throws Exception {
    try (RankGroup group = RankGroup.ofThreads(ranks)) {
      int each = 8 / ranks;
      return onRanks(
          ranks,
          r ->
              () -> {
                List<NativeArray> shards = new ArrayList<>();
                for (int s = r * each; s < (r + 1) * each; s++) {
                  shards.add(NativeArray.of(values(s, count)));
                }
                try (Rank rank = group.join(r, TIMEOUT);
                    NativeArray out = NativeArray.zeros(DataType.FLOAT32, count)) {
                  rank.allReduce(shards, r * each, 0.125f, out, TIMEOUT);
                  rank.barrier(TIMEOUT);
                  return out.toFloats();
                } finally {
                  shards.forEach(NativeArray::close);
                }
              });
    }
  }

  @Test
  void sumsHaveTheSameBitsForAnyNumberOfRanks() throws Exception {
    float[] one = sums(1, 1003).get(0);
    for (int ranks : new int[] {2, 4, 8}) {
      assertThat(sums(ranks, 1003)).allSatisfy(sum -> assertThat(sum).isEqualTo(one));
    }
    float[] s = new float[8];
    for (int shard = 0; shard < 8; shard++) {
      s[shard] = values(shard, 1003)[500];
    }
    float tree = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    assertThat(one[500]).isEqualTo(tree * 0.125f);
  }

  @Test
  void scatteredPartsGatherToTheWholeAndTheRootsValuesGoToAll() throws Exception {
    try (RankGroup group = RankGroup.ofThreads(2)) {
      List<float[]> results =
          onRanks(
              2,
              r ->
                  () -> {
                    try (Rank rank = group.join(r, TIMEOUT);
                        NativeArray shard = NativeArray.of(1 + r, 2 + r, 3 + r, 4 + r);
                        NativeArray part = NativeArray.zeros(DataType.FLOAT32, 2);
                        NativeArray all = NativeArray.zeros(DataType.FLOAT32, 4)) {
                      rank.reduceScatter(List.of(shard), r, 4, 1f, part, TIMEOUT);
                      rank.allGather(part, all, TIMEOUT);
                      rank.broadcast(1, shard, TIMEOUT);
                      assertThat(shard.toFloats()).containsExactly(2, 3, 4, 5);
                      return all.toFloats();
                    }
                  });
      assertThat(results).allSatisfy(all -> assertThat(all).containsExactly(3, 5, 7, 9));
    }
  }

  @Test
  void bucketsAreReducedInTheBackground() throws Exception {
    try (RankGroup group = RankGroup.ofThreads(2)) {
      onRanks(
          2,
          r ->
              () -> {
                try (Rank rank = group.join(r, TIMEOUT);
                    NativeArray bias = NativeArray.of(1 + r);
                    NativeArray weight = NativeArray.of(10 + r, 20 + r, 30 + r);
                    GradientBucket bucket =
                        new GradientBucket(
                            KernelThreads.CALLER, List.of(bias, weight), DataType.BFLOAT16);
                    BucketReducer reducer = new BucketReducer(rank, TIMEOUT)) {
                  bucket.flatten();
                  long ticket = reducer.start(List.of(bucket.values()), r, 0.5f, bucket.values());
                  reducer.await(ticket, TIMEOUT);
                  bucket.unflatten();
                  assertThat(bias.toFloats()).containsExactly(1.5f);
                  assertThat(weight.toFloats()).containsExactly(10.5f, 20.5f, 30.5f);
                  return null;
                }
              });
    }
  }

  @Test
  void whoWaitsForARankThatLeftIsTold() throws Exception {
    try (RankGroup group = RankGroup.ofThreads(2)) {
      onRanks(
          2,
          r ->
              () -> {
                try (Rank rank = group.join(r, TIMEOUT)) {
                  if (r == 0) {
                    assertThatThrownBy(() -> rank.barrier(TIMEOUT))
                        .isInstanceOfSatisfying(
                            PartitaException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.GANG_ABORTED))
                        .hasMessageContaining("rank");
                  }
                  return null;
                }
              });
    }
  }

  @Test
  void aRankThatDoesNotComeInTimeEndsTheGroup() throws Exception {
    try (RankGroup group = RankGroup.ofThreads(2)) {
      assertThatThrownBy(() -> group.join(0, Duration.ofMillis(20)))
          .isInstanceOfSatisfying(
              PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
    }
  }
}
