// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a child is still to be told. Calls wait here, in the server's memory, until the child has
 * got through most of what it has; everything else goes first.
 */
final class Outbox {
  /** Calls that a child holds, in bytes; one may always be there. */
  private static final int CHILD_BYTES = 4 << 20;

  private final Queue<Frame> orders = new ArrayDeque<>();
  private final Map<Long, Frame> waiting = new LinkedHashMap<>();
  private final Map<Long, Integer> given = new HashMap<>();
  private long givenBytes;
  private boolean closed;

  synchronized void order(Frame frame) {
    orders.add(frame);
    notifyAll();
  }

  synchronized void call(Frame frame) {
    waiting.put(frame.number(), frame);
    notifyAll();
  }

  /** True: the child will never see that call. */
  synchronized boolean withdraw(long number) {
    return waiting.remove(number) != null;
  }

  /** The child has ended that call. */
  synchronized void ended(long number) {
    Integer bytes = given.remove(number);
    if (bytes != null) {
      givenBytes -= bytes;
      notifyAll();
    }
  }

  /** There is nothing more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** The next frame, or null where there is none now. */
  synchronized @Nullable Frame poll() {
    Frame order = closed ? null : orders.poll();
    if (order != null || closed || waiting.isEmpty()) {
      return order;
    }
    Iterator<Frame> calls = waiting.values().iterator();
    Frame call = calls.next();
    int bytes = call.body().remaining();
    if (!given.isEmpty() && givenBytes + bytes > CHILD_BYTES) {
      return null;
    }
    calls.remove();
    given.put(call.number(), bytes);
    givenBytes += bytes;
    return call;
  }

  /** Waits for the next frame; null after {@link #close}. */
  synchronized @Nullable Frame take() throws InterruptedException {
    Frame next = poll();
    while (next == null && !closed) {
      wait();
      next = poll();
    }
    return next;
  }
}
