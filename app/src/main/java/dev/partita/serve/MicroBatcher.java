// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent requests share one computation. Nobody waits for company: a request that finds
 * the model idle leads, which is to compute at once, on its own thread. Those that arrive meanwhile
 * queue up; the first of them leads next and computes for all of them. So a batch is as large as
 * the load makes it, requests are answered in their order, and one that comes alone pays no
 * hand-over between threads.
 *
 * @param <T> one item of a request
 */
final class MicroBatcher<T> {
  private final int maxBatch;
  private final int maxQueued;
  private final Duration patience;
  private final Computation<T> computation;
  // Guards itself, the two fields below and the handing out of turns; held for some instructions.
  private final Deque<Call<T>> queue = new ArrayDeque<>();
  private int queuedItems;
  private boolean somebodyLeads;

  /**
   * Computes a batch.
   *
   * @param <T> one item
   */
  @FunctionalInterface
  interface Computation<T> {
    /** The results, {@code [items, width]}, row-major. */
    float[] compute(List<T> items);
  }

  /** What a waiting call is woken for. */
  private enum Turn {
    LEAD,
    ANSWERED
  }

  /**
   * @param patience how long a request waits for its turn before it gives up
   */
  MicroBatcher(int maxBatch, int maxQueued, Duration patience, Computation<T> computation) {
    this.maxBatch = maxBatch;
    this.maxQueued = maxQueued;
    this.patience = patience;
    this.computation = computation;
  }

  /**
   * Computes the items as part of some batch; blocks until then.
   *
   * @throws PartitaException TOO_LARGE for more items than a batch takes, UNAVAILABLE when too many
   *     wait already, TIMEOUT when patience ends; or what the computation threw
   */
  float[] submit(List<T> items) {
    if (items.isEmpty()) {
      return new float[0];
    }
    Call<T> call = enqueue(items);
    if (await(call) == Turn.LEAD) {
      try {
        compute(takeBatch());
      } finally {
        passOn();
      }
    }
    return call.result();
  }

  /** Items that wait now. */
  int queued() {
    synchronized (queue) {
      return queuedItems;
    }
  }

  private Call<T> enqueue(List<T> items) {
    if (items.size() > maxBatch) {
      throw new PartitaException(
          ErrorCode.TOO_LARGE, items.size() + " items in one request; the most is " + maxBatch);
    }
    Call<T> call = new Call<>(List.copyOf(items));
    synchronized (queue) {
      if (queuedItems + items.size() > maxQueued) {
        throw new PartitaException(
            ErrorCode.UNAVAILABLE, queuedItems + " items are waiting already; try again later");
      }
      queuedItems += items.size();
      queue.addLast(call);
      if (!somebodyLeads) {
        somebodyLeads = true;
        call.turn.complete(Turn.LEAD);
      }
    }
    return call;
  }

  private Turn await(Call<T> call) {
    try {
      return call.turn.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return giveUp(call, "no answer within " + patience.toMillis() + " ms: the model is busy");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return giveUp(call, "interrupted while waiting for the model");
    } catch (ExecutionException e) {
      throw new IllegalStateException("turns do not fail", e);
    }
  }

  /** Leaves the queue, unless the turn came at the last moment: then it must be taken. */
  private Turn giveUp(Call<T> call, String reason) {
    synchronized (queue) {
      if (call.turn.isDone()) {
        return call.turn.join();
      }
      if (queue.remove(call)) {
        queuedItems -= call.items.size();
      }
    }
    throw new PartitaException(ErrorCode.TIMEOUT, reason);
  }

  /** The leader's own call is the head of the queue, so it is always among those taken. */
  private List<Call<T>> takeBatch() {
    List<Call<T>> calls = new ArrayList<>();
    synchronized (queue) {
      int items = 0;
      Call<T> next = queue.peekFirst();
      while (next != null && items + next.items.size() <= maxBatch) {
        items += next.items.size();
        calls.add(queue.removeFirst());
        next = queue.peekFirst();
      }
      queuedItems -= items;
    }
    return calls;
  }

  private void compute(List<Call<T>> calls) {
    try {
      if (calls.size() == 1) {
        calls.get(0).answer(computation.compute(calls.get(0).items));
        return;
      }
      List<T> items = new ArrayList<>();
      calls.forEach(call -> items.addAll(call.items));
      float[] results = computation.compute(items);
      int width = results.length / items.size();
      int from = 0;
      for (Call<T> call : calls) {
        int to = from + call.items.size() * width;
        call.answer(Arrays.copyOfRange(results, from, to));
        from = to;
      }
    } catch (RuntimeException | Error e) {
      calls.forEach(call -> call.fail(e));
    }
  }

  private void passOn() {
    synchronized (queue) {
      Call<T> next = queue.peekFirst();
      somebodyLeads = next != null;
      if (next != null) {
        next.turn.complete(Turn.LEAD);
      }
    }
  }

  /** One request. Its outcome is written before its turn is completed, and read after. */
  private static final class Call<T> {
    private final List<T> items;
    private final CompletableFuture<Turn> turn = new CompletableFuture<>();
    private float @Nullable [] result;
    private @Nullable Throwable failure;

    Call(List<T> items) {
      this.items = items;
    }

    void answer(float[] own) {
      result = own;
      turn.complete(Turn.ANSWERED);
    }

    void fail(Throwable reason) {
      failure = reason;
      turn.complete(Turn.ANSWERED);
    }

    float[] result() {
      if (failure instanceof PartitaException known) {
        throw new PartitaException(known.code(), "" + known.getMessage(), known);
      }
      if (result == null) {
        throw new PartitaException(
            ErrorCode.INTERNAL, "the model could not answer: " + failure, failure);
      }
      return result;
    }
  }
}
