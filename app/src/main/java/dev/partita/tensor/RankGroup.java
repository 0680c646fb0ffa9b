// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the 1 to 8 ranks of a pod have in common for their collectives: a block of memory. Threads
 * of this process join it through this object; a process that has the block mapped, for example an
 * object of the arena, joins by its address. A closed group takes no more ranks; its memory goes
 * with the last one that is in.
 */
public final class RankGroup implements AutoCloseable {
  /** What ranks of different processes pass at a time; fits caches. */
  private static final long SLOT_BYTES = 256 << 10;

  private final NativeArray memory;
  private final int ranks;

  /** Those who need the memory: this object until it is closed, and each rank. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private final AtomicBoolean closed = new AtomicBoolean();

  private RankGroup(NativeArray memory, int ranks) {
    this.memory = memory;
    this.ranks = ranks;
  }

  /** Bytes that a group needs. */
  public static long byteSize(int ranks) {
    NativeCore.load();
    return PartitaCore.ptc_group_bytes(ranks, SLOT_BYTES);
  }

  /** A group for threads of this process. */
  public static RankGroup ofThreads(int ranks) {
    return layOut(NativeArray.zeros(DataType.INT8, byteSize(ranks)), ranks);
  }

  /**
   * Lays out a group in memory that other processes have mapped too, before any of them joins.
   *
   * @param memory {@link #byteSize} bytes on a 64-byte boundary; stays the caller's
   */
  public static RankGroup layOut(NativeArray memory, int ranks) {
    CoreStatus.check(
        PartitaCore.ptc_group_create(memory.pointer(), memory.byteSize(), ranks, SLOT_BYTES));
    return new RankGroup(memory, ranks);
  }

  /** A group that another process has laid out. */
  public static RankGroup laidOut(NativeArray memory, int ranks) {
    return new RankGroup(memory, ranks);
  }

  public int ranks() {
    return ranks;
  }

  /**
   * Becomes a rank and waits until all others have done so; a number can be taken once.
   *
   * @param rank from 0
   */
  public Rank join(int rank, Duration timeout) {
    if (holders.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      throw new IllegalStateException("closed");
    }
    try {
      return new Rank(this, memory, rank, timeout);
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      memory.close();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }
}
