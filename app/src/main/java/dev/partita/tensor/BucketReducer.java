// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_reducer;
import java.time.Duration;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A thread that reduces buckets in the background, while the caller computes the gradients of
 * earlier layers. The {@link Rank} is the reducer's until it is closed; all ranks start the same
 * buckets in the same order. Any thread may start and wait.
 */
public final class BucketReducer implements AutoCloseable {
  private final ptc_reducer handle = new ptc_reducer();

  /**
   * Takes the rank over.
   *
   * @param timeout of each reduction
   */
  public BucketReducer(Rank rank, Duration timeout) {
    CoreStatus.check(
        PartitaCore.ptc_reducer_create(rank.handle(), CoreStatus.millis(timeout), handle));
  }

  /**
   * Begins {@link Rank#allReduce} with these arguments; the arrays stay open and unchanged until it
   * has been waited for.
   *
   * @return a ticket for {@link #await}, from 1 on
   */
  public long start(List<NativeArray> shards, int firstShard, float factor, NativeArray out) {
    // Pointers only: where an array is passed, JavaCPP takes the list of shards for one shard.
    try (PointerPointer<Pointer> pointers = Rank.pointers(shards, out.type(), out.count());
        LongPointer ticket = new LongPointer(1)) {
      CoreStatus.check(
          PartitaCore.ptc_reducer_start(
              handle(),
              out.type().code(),
              pointers,
              firstShard,
              shards.size(),
              out.count(),
              factor,
              out.pointer(),
              ticket));
      return ticket.get();
    }
  }

  /** Waits for this bucket and all before it; throws what the first failure was. */
  public void await(long ticket, Duration timeout) {
    CoreStatus.check(PartitaCore.ptc_reducer_wait(handle(), ticket, CoreStatus.millis(timeout)));
  }

  private ptc_reducer handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  /** Waits for the reduction that runs; those not begun are dropped. The rank is free again. */
  @Override
  public void close() {
    PartitaCore.ptc_reducer_destroy(handle);
    handle.setNull();
  }
}
