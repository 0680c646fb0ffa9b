// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_rank;
import java.time.Duration;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * One member of a {@link RankGroup}. All ranks make the same calls in the same order, each in its
 * own thread. A rank that is late, leaves or dies ends the group: within a second everybody's call
 * fails with GANG_ABORTED, or with TIMEOUT for whom the time was up, and so does every later one.
 */
public final class Rank implements AutoCloseable {
  private static final int MOST_SHARDS = 8;

  private final ptc_rank handle = new ptc_rank();
  private final RankGroup group;
  private final int number;
  private final int ranks;

  Rank(RankGroup group, NativeArray memory, int number, Duration timeout) {
    this.group = group;
    this.number = number;
    ranks = group.ranks();
    CoreStatus.check(
        PartitaCore.ptc_rank_join(
            memory.pointer(), memory.byteSize(), number, CoreStatus.millis(timeout), handle));
  }

  /** From 0. */
  public int number() {
    return number;
  }

  /** Returns when all ranks have come here. */
  public void barrier(Duration timeout) {
    CoreStatus.check(PartitaCore.ptc_barrier(handle(), CoreStatus.millis(timeout)));
  }

  /**
   * {@code out = factor *} the sum of all ranks' shards, as the fixed tree {@code
   * ((0+1)+(2+3))+((4+5)+(6+7))} over their numbers: the bits do not depend on who holds which.
   *
   * @param shards float32 or bfloat16, equally long; numbered from {@code firstShard}
   * @param out may be one of the shards
   */
  public void allReduce(
      List<NativeArray> shards, int firstShard, float factor, NativeArray out, Duration timeout) {
    try (PointerPointer<Pointer> pointers = pointers(shards, out.type(), out.count())) {
      CoreStatus.check(
          PartitaCore.ptc_all_reduce(
              handle(),
              out.type().code(),
              pointers,
              firstShard,
              shards.size(),
              out.count(),
              factor,
              out.pointer(),
              CoreStatus.millis(timeout)));
    }
  }

  /**
   * As {@link #allReduce}, but each rank gets only its part, values {@code count * r / R} to {@code
   * count * (r + 1) / R}, in an array that overlaps no shard.
   *
   * @param count values of each shard
   */
  public void reduceScatter(
      List<NativeArray> shards,
      int firstShard,
      long count,
      float factor,
      NativeArray out,
      Duration timeout) {
    out.require(out.type(), count * (number + 1) / ranks - count * number / ranks);
    try (PointerPointer<Pointer> pointers = pointers(shards, out.type(), count)) {
      CoreStatus.check(
          PartitaCore.ptc_reduce_scatter(
              handle(),
              out.type().code(),
              pointers,
              firstShard,
              shards.size(),
              count,
              factor,
              out.pointer(),
              CoreStatus.millis(timeout)));
    }
  }

  /**
   * Puts every rank's part, as {@link #reduceScatter} leaves it, into {@code out} of every rank.
   */
  public void allGather(NativeArray part, NativeArray out, Duration timeout) {
    part.require(out.type(), out.count() * (number + 1) / ranks - out.count() * number / ranks);
    if (out.byteSize() * number / ranks != out.count() * number / ranks * out.type().byteSize()) {
      throw new IllegalArgumentException(
          out.count() + " values of " + out.type() + " do not divide among " + ranks + " ranks");
    }
    CoreStatus.check(
        PartitaCore.ptc_all_gather(
            handle(), part.pointer(), out.byteSize(), out.pointer(), CoreStatus.millis(timeout)));
  }

  /** The root's values become those of every rank. */
  public void broadcast(int root, NativeArray values, Duration timeout) {
    CoreStatus.check(
        PartitaCore.ptc_broadcast(
            handle(), root, values.pointer(), values.byteSize(), CoreStatus.millis(timeout)));
  }

  /** Addresses of shards that are as they must be; the caller closes them. */
  static PointerPointer<Pointer> pointers(List<NativeArray> shards, DataType type, long count) {
    if (shards.size() > MOST_SHARDS) {
      throw new IllegalArgumentException(shards.size() + " shards: at most " + MOST_SHARDS);
    }
    PointerPointer<Pointer> pointers = new PointerPointer<>(MOST_SHARDS);
    for (int i = 0; i < shards.size(); i++) {
      pointers.put(i, shards.get(i).require(type, count).pointer());
    }
    return pointers;
  }

  ptc_rank handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  /** Leaves; ranks that wait for this one are told. */
  @Override
  public void close() {
    if (!handle.isNull()) {
      PartitaCore.ptc_rank_destroy(handle);
      handle.setNull();
      group.release();
    }
  }
}
