// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent requests share one computation. Nobody waits for company: a request that finds
 * the model idle is computed at once, on its own thread; those that arrive meanwhile form the next
 * batch, computed by whichever of them gets the lock first. So a batch is as large as the load
 * makes it, and an idle request pays no hand-over between threads.
 *
 * @param <T> one item of a request
 */
final class MicroBatcher<T> {
  private final int maxBatch;
  private final int maxQueued;
  private final Duration patience;
  private final Computation<T> computation;
  private final ReentrantLock computing = new ReentrantLock();
  // Guarded by itself, as is queuedItems; held for a few instructions only.
  private final Deque<Call<T>> queue = new ArrayDeque<>();
  private int queuedItems;

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

  /**
   * @param patience how long a request waits before it gives up
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
    Call<T> call = enqueue(items);
    boolean locked = false;
    try {
      locked = computing.tryLock() || computing.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
      while (locked && !call.done()) {
        runBatch();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (locked) {
        computing.unlock();
      }
    }
    return locked ? call.result() : giveUp(call);
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
          ErrorCode.TOO_LARGE,
          items.size() + " texts in one request; at most " + maxBatch + " are taken");
    }
    Call<T> call = new Call<>(List.copyOf(items));
    synchronized (queue) {
      if (queuedItems + items.size() > maxQueued) {
        throw new PartitaException(
            ErrorCode.UNAVAILABLE, queuedItems + " texts are waiting already; try again later");
      }
      queuedItems += items.size();
      queue.addLast(call);
    }
    return call;
  }

  /** Takes calls from the head of the queue, at least one, and answers them all. */
  private void runBatch() {
    List<Call<T>> calls = new ArrayList<>();
    List<T> items = new ArrayList<>();
    synchronized (queue) {
      Call<T> next = queue.peekFirst();
      while (next != null && (calls.isEmpty() || items.size() + next.items.size() <= maxBatch)) {
        queue.removeFirst();
        queuedItems -= next.items.size();
        calls.add(next);
        items.addAll(next.items);
        next = queue.peekFirst();
      }
    }
    try {
      float[] results = items.isEmpty() ? new float[0] : computation.compute(items);
      int width = items.isEmpty() ? 0 : results.length / items.size();
      int from = 0;
      for (Call<T> call : calls) {
        int to = from + call.items.size() * width;
        call.answer(calls.size() == 1 ? results : java.util.Arrays.copyOfRange(results, from, to));
        from = to;
      }
    } catch (RuntimeException | Error e) {
      calls.forEach(call -> call.fail(e));
    }
  }

  private float[] giveUp(Call<T> call) {
    synchronized (queue) {
      if (queue.remove(call)) {
        queuedItems -= call.items.size();
      }
    }
    throw new PartitaException(
        ErrorCode.TIMEOUT, "no answer within " + patience.toMillis() + " ms; the model is busy");
  }

  /** One request; written by the thread that holds the lock, read by its own after it held it. */
  private static final class Call<T> {
    private final List<T> items;
    private float @Nullable [] result;
    private @Nullable Throwable failure;

    Call(List<T> items) {
      this.items = items;
    }

    boolean done() {
      return result != null || failure != null;
    }

    void answer(float[] own) {
      result = own;
    }

    void fail(Throwable reason) {
      failure = reason;
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
