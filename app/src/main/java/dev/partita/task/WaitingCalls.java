// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Calls that wait for a pod: higher priority first, then first come, first served; a few may
 * overtake one that no pod has room for. Not thread-safe.
 */
final class WaitingCalls {
  private static final int LOOK_AHEAD = 32;

  private final TreeMap<Integer, Deque<Submission>> queues =
      new TreeMap<>(Collections.reverseOrder());
  private int count;

  /**
   * Queues it.
   *
   * @param first before the others of its priority: it was out already
   */
  void add(Submission submission, boolean first) {
    Deque<Submission> queue =
        queues.computeIfAbsent(submission.request.priority(), priority -> new ArrayDeque<>());
    if (first) {
      queue.addFirst(submission);
    } else {
      queue.addLast(submission);
    }
    count++;
  }

  /** Offers them in their order; those that are taken wait no more. */
  void offer(Predicate<Submission> taker) {
    int left = LOOK_AHEAD;
    for (Iterator<Deque<Submission>> each = queues.values().iterator(); each.hasNext(); ) {
      Deque<Submission> queue = each.next();
      for (Iterator<Submission> i = queue.iterator(); i.hasNext() && left > 0; ) {
        if (taker.test(i.next())) {
          i.remove();
          count--;
        } else {
          left--;
        }
      }
      if (queue.isEmpty()) {
        each.remove();
      }
    }
  }

  int count() {
    return count;
  }
}
