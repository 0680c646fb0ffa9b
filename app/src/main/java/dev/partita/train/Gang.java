// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ranks that meet at barriers. If one fails, or does not come in time, no rank passes a barrier
 * again: each gets the first cause.
 */
final class Gang {
  private final int ranks;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int waiting;
  private long generation;
  private @Nullable PartitaException aborted;

  /**
   * @param timeout the longest that one rank waits for the others at a barrier
   */
  Gang(int ranks, Duration timeout) {
    this.ranks = ranks;
    this.timeout = timeout;
  }

  int ranks() {
    return ranks;
  }

  /**
   * Waits for all ranks. The last to come runs {@code action} before anybody goes on; what it
   * throws aborts the gang.
   *
   * @throws PartitaException GANG_ABORTED, or TIMEOUT for the rank that waited in vain
   */
  void await(Runnable action) {
    lock.lock();
    try {
      throwIfAborted();
      waiting++;
      if (waiting == ranks) {
        runAsLast(action);
      } else {
        awaitOthers();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the gang: every rank gets {@code cause} at its next barrier, or now if it waits. */
  void abort(PartitaException cause) {
    lock.lock();
    try {
      if (aborted == null) {
        aborted = cause;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void runAsLast(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      abort(new PartitaException(ErrorCode.GANG_ABORTED, "the gang stopped: " + e.getMessage(), e));
      throw e;
    }
    waiting = 0;
    generation++;
    changed.signalAll();
  }

  /** While an action runs the lock is held, so the time it takes does not count here. */
  private void awaitOthers() {
    long mine = generation;
    long left = timeout.toNanos();
    try {
      while (generation == mine && aborted == null) {
        if (left <= 0) {
          PartitaException late =
              new PartitaException(
                  ErrorCode.TIMEOUT,
                  (ranks - waiting) + " of " + ranks + " ranks did not come within " + timeout);
          abort(late);
          throw late;
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort(new PartitaException(ErrorCode.GANG_ABORTED, "a rank was interrupted", e));
    }
    if (generation == mine) {
      throwIfAborted();
    }
  }

  private void throwIfAborted() {
    if (aborted != null) {
      // A new one per rank: one exception must not be changed by several threads.
      throw new PartitaException(
          ErrorCode.GANG_ABORTED, String.valueOf(aborted.getMessage()), aborted);
    }
  }
}
