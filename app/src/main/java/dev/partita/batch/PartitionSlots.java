// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The places for running partitions. A request gets all its places or none, in the order of
 * arrival, so two gangs never hold half of what both need, and a gang is not overtaken for ever by
 * small requests. Grants run on the thread that made them possible.
 */
final class PartitionSlots {
  private final int total;
  private final Deque<Request> waiting = new ArrayDeque<>();
  private int free;

  PartitionSlots(int total) {
    this.total = total;
    this.free = total;
  }

  int total() {
    return total;
  }

  synchronized int inUse() {
    return total - free;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /**
   * Runs {@code onGrant} once {@code places} are free for it, perhaps at once; they are given back
   * one by one with {@link #release}.
   *
   * @throws IllegalArgumentException if there will never be so many
   */
  Request request(int places, Runnable onGrant) {
    if (places > total) {
      throw new IllegalArgumentException(places + " places asked of " + total);
    }
    Request request = new Request(places, onGrant);
    synchronized (this) {
      waiting.add(request);
    }
    grant();
    return request;
  }

  /** Takes a free place that nobody waits for; it is given back with {@link #release}. */
  synchronized boolean tryTake() {
    if (free == 0 || !waiting.isEmpty()) {
      return false;
    }
    free--;
    return true;
  }

  /** Withdraws a request; false if it was granted already. */
  synchronized boolean withdraw(Request request) {
    return waiting.remove(request);
  }

  /** Gives one place back. */
  void release() {
    synchronized (this) {
      free++;
    }
    grant();
  }

  private void grant() {
    List<Request> granted = new ArrayList<>();
    synchronized (this) {
      while (!waiting.isEmpty() && waiting.element().places <= free) {
        Request next = waiting.remove();
        free -= next.places;
        granted.add(next);
      }
    }
    granted.forEach(request -> request.onGrant.run());
  }

  /** A wish for places. Compared by identity. */
  static final class Request {
    private final int places;
    private final Runnable onGrant;

    private Request(int places, Runnable onGrant) {
      this.places = places;
      this.onGrant = onGrant;
    }
  }
}
