// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one worker, from submission to the end of the work. Each future ends exactly once:
 * with its outcome, by being cancelled, or with the worker.
 */
final class PendingCalls {
  private final String worker;
  private final LongConsumer cancel;
  private final Map<Long, Pending> calls = new HashMap<>();
  private long next;
  private long bytes;
  private @Nullable WorkerEnd end;

  /**
   * @param cancel told the number of a call that nobody waits for any more
   */
  PendingCalls(String worker, LongConsumer cancel) {
    this.worker = worker;
    this.cancel = cancel;
  }

  /** A future of the caller's, which tells when he gives up. */
  final class Pending extends CompletableFuture<Answer> {
    final long number;
    private final int byteSize;

    private Pending(long number, int byteSize) {
      this.number = number;
      this.byteSize = byteSize;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean first = super.cancel(mayInterruptIfRunning);
      if (first) {
        cancel.accept(number);
      }
      return first;
    }
  }

  /** Takes a call on, or returns one that has failed already: then its number is negative. */
  synchronized Pending add(Call call) {
    PartitaException refused = null;
    if (end != null) {
      refused = lost(end);
    } else if (calls.size() >= Limits.PENDING_CALLS
        || bytes + call.byteSize() > Limits.PENDING_BYTES) {
      refused =
          new PartitaException(
              ErrorCode.UNAVAILABLE,
              "worker '"
                  + worker
                  + "' has "
                  + calls.size()
                  + " calls of "
                  + bytes
                  + " bytes to do; submit again when some are done");
    }
    Pending pending = new Pending(refused == null ? next++ : -1, call.byteSize());
    if (refused == null) {
      calls.put(pending.number, pending);
      bytes += pending.byteSize;
    } else {
      pending.completeExceptionally(refused);
    }
    return pending;
  }

  /** The work has really ended. False: there is no such call. */
  boolean end(long number, Outcome outcome) {
    Pending pending;
    synchronized (this) {
      pending = calls.remove(number);
      if (pending == null) {
        return false;
      }
      bytes -= pending.byteSize;
    }
    // Outside: whoever waits for it runs now, and may submit more.
    if (outcome instanceof Outcome.Done done) {
      pending.complete(done.answer());
    } else if (outcome instanceof Outcome.Failed failed) {
      pending.completeExceptionally(failed.exception());
    }
    return true;
  }

  /**
   * All calls are lost, those to come too. With {@code forget}, nothing of them holds a place any
   * more. False: the worker had ended before.
   */
  boolean lose(WorkerEnd how, boolean forget) {
    List<Pending> lost;
    synchronized (this) {
      if (end != null) {
        return false;
      }
      end = how;
      lost = List.copyOf(calls.values());
      if (forget) {
        calls.clear();
        bytes = 0;
      }
    }
    lost.forEach(pending -> pending.completeExceptionally(lost(how)));
    return true;
  }

  /** Whether the worker has ended; true before anybody is told so. */
  synchronized boolean over() {
    return end != null;
  }

  synchronized int held() {
    return calls.size();
  }

  private PartitaException lost(WorkerEnd how) {
    return new PartitaException(
        ErrorCode.WORKER_DIED,
        "worker '" + worker + "' ended before it answered (" + how.cause() + "): " + how.detail());
  }
}
