// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one pod of a gang sent to this one and nobody has taken yet: two wholes at most, since it
 * gives the next only when it has this pod's.
 */
final class GangInbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> wholes = new ArrayDeque<>();
  private @Nullable PartitaException end;

  /** Dropped after an end. */
  void put(byte[] whole) {
    lock.lock();
    try {
      if (end == null) {
        wholes.add(whole);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will come, but what came is still given out; the first reason counts. */
  void end(String reason) {
    end(reason, false);
  }

  boolean ended() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is given out any more. */
  void abort(String reason) {
    end(reason, true);
  }

  private void end(String reason, boolean atOnce) {
    lock.lock();
    try {
      if (atOnce) {
        wholes.clear();
      }
      if (end == null) {
        end = new PartitaException(ErrorCode.GANG_ABORTED, reason);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next whole; empty if none came in time.
   *
   * @throws PartitaException why none will come any more
   */
  byte @Nullable [] take(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (wholes.isEmpty()) {
        if (end != null) {
          throw new PartitaException(end.code(), String.valueOf(end.getMessage()), end);
        }
        if (left <= 0) {
          return null;
        }
        left = changed.awaitNanos(left);
      }
      return wholes.poll();
    } finally {
      lock.unlock();
    }
  }
}
