// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Executor;

/**
 * Lets a limited number of executions run at once; the others wait in the order they came, holding
 * no thread.
 */
final class Admission {
  private final int limit;
  private final Executor threads;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int active;

  Admission(int limit, Executor threads) {
    this.limit = limit;
    this.threads = threads;
  }

  private record Waiting(long executionId, Runnable task) {}

  /** Runs the execution when its turn comes. */
  void admit(long executionId, Runnable task) {
    synchronized (this) {
      if (active >= limit) {
        queue.add(new Waiting(executionId, task));
        return;
      }
      active++;
    }
    start(task);
  }

  /** Runs a waiting execution now, past the limit: it is stopped and only has to say so. */
  void runIfWaiting(long executionId) {
    Runnable task = null;
    synchronized (this) {
      for (Iterator<Waiting> all = queue.iterator(); all.hasNext(); ) {
        Waiting next = all.next();
        if (next.executionId == executionId) {
          all.remove();
          active++;
          task = next.task;
          break;
        }
      }
    }
    if (task != null) {
      start(task);
    }
  }

  synchronized int active() {
    return active;
  }

  synchronized int waiting() {
    return queue.size();
  }

  private void start(Runnable task) {
    threads.execute(
        () -> {
          try {
            task.run();
          } finally {
            ended();
          }
        });
  }

  private void ended() {
    Waiting next;
    synchronized (this) {
      next = active <= limit ? queue.poll() : null;
      if (next == null) {
        active--;
      }
    }
    if (next != null) {
      start(next.task);
    }
  }
}
