// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.GpuShare;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.Resources;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs on threads of this pod as its resources allow: higher priority first, then first come,
 * first served; a few that fit may overtake one that does not. A job that waits for others lends
 * its share out meanwhile, so that they can run. Any thread.
 */
final class Runner {
  /** How many that do not fit are looked past. */
  private static final int LOOK_AHEAD = 32;

  private final Executor threads;
  private final Shares shares;
  private final TreeMap<Integer, Deque<Job>> waiting = new TreeMap<>(Collections.reverseOrder());
  private final Set<Job> running = new LinkedHashSet<>();
  private int waitingCount;

  Runner(NodeState node, Executor threads) {
    this.threads = threads;
    this.shares = new Shares(node);
  }

  /** Placement groups of this pod. */
  Shares shares() {
    return shares;
  }

  void submit(Job job) {
    boolean start;
    synchronized (this) {
      start = waitingCount == 0 && take(job);
      if (!start) {
        waiting.computeIfAbsent(job.priority, p -> new ArrayDeque<>()).add(job);
        waitingCount++;
      }
    }
    if (start) {
      threads.execute(() -> run(job));
    } else {
      startMore();
    }
  }

  private boolean take(Job job) {
    Optional<List<GpuShare>> gpus = shares.take(job);
    if (gpus.isEmpty()) {
      return false;
    }
    job.gpus = gpus.get();
    job.state = Job.State.RUNNING;
    job.startedNanos = System.nanoTime();
    running.add(job);
    return true;
  }

  /** On a thread of the pod; goes on with the next that fits, without another thread. */
  private void run(Job first) {
    Job job = first;
    while (job != null) {
      synchronized (this) {
        job.thread = Thread.currentThread();
      }
      try {
        if (job.cancelled) {
          Thread.currentThread().interrupt();
        }
        job.body.run(job);
      } finally {
        job = next(job);
      }
    }
  }

  private @Nullable Job next(Job done) {
    Job next;
    synchronized (this) {
      done.thread = null;
      // An interrupt that came late is not for whoever runs next on this thread.
      Thread.interrupted();
      if (!done.lent) {
        shares.giveBack(done);
      }
      done.state = Job.State.ENDED;
      running.remove(done);
      next = takeNext();
    }
    if (next != null) {
      startMore();
    }
    return next;
  }

  private void startMore() {
    while (true) {
      Job next;
      synchronized (this) {
        next = takeNext();
      }
      if (next == null) {
        return;
      }
      Job job = next;
      threads.execute(() -> run(job));
    }
  }

  private @Nullable Job takeNext() {
    int looked = 0;
    for (Iterator<Deque<Job>> queues = waiting.values().iterator(); queues.hasNext(); ) {
      Deque<Job> queue = queues.next();
      for (Iterator<Job> jobs = queue.iterator(); jobs.hasNext() && looked < LOOK_AHEAD; looked++) {
        Job job = jobs.next();
        if (take(job)) {
          jobs.remove();
          waitingCount--;
          if (queue.isEmpty()) {
            queues.remove();
          }
          return job;
        }
      }
    }
    return null;
  }

  /**
   * Asks a job to end: one that waits never begins, one that runs is interrupted.
   *
   * @return whether it never begins
   */
  boolean cancel(Job job) {
    synchronized (this) {
      job.cancelled = true;
      if (job.state == Job.State.WAITING) {
        Deque<Job> queue = waiting.get(job.priority);
        if (queue != null && queue.remove(job)) {
          waitingCount--;
          if (queue.isEmpty()) {
            waiting.remove(job.priority);
          }
        }
        job.state = Job.State.ENDED;
        return true;
      }
      if (job.thread != null) {
        job.thread.interrupt();
      }
      return false;
    }
  }

  /** One that was cancelled still runs: from now on it is shown so. */
  synchronized void fence(Job job) {
    if (job.state == Job.State.RUNNING) {
      job.state = Job.State.FENCED;
    }
  }

  /** The job's thread is about to wait for others: they may have its share. */
  void lend(Job job) {
    synchronized (this) {
      if (job.lent || job.state == Job.State.ENDED) {
        return;
      }
      job.lent = true;
      shares.giveBack(job);
    }
    startMore();
  }

  /** It goes on; at once, or waiting for each other would never end. */
  synchronized void takeAgain(Job job) {
    if (job.lent) {
      job.lent = false;
      shares.takeAgain(job);
    }
  }

  /** Those that wait and run, in no order. */
  synchronized List<Job> jobs() {
    List<Job> all = new ArrayList<>(running);
    waiting.values().forEach(all::addAll);
    return all;
  }

  synchronized int waitingCount() {
    return waitingCount;
  }

  synchronized int runningCount() {
    return running.size();
  }

  /** Those that were cancelled and have not noticed within the grace. */
  synchronized int fencedCount() {
    return (int) running.stream().filter(job -> job.state == Job.State.FENCED).count();
  }

  synchronized Resources free() {
    return shares.free();
  }

  /** Keeps bundles of a placement group, all of them or, with an exception, none. */
  synchronized void reserve(GroupId group, List<Integer> bundles, List<Resources> resources) {
    if (!shares.reserve(group, bundles, resources)) {
      throw new PartitaException(ErrorCode.UNAVAILABLE, shares.free().toString());
    }
  }

  /** Jobs in it run on, on what the pod has; those that wait for it fail. */
  void unreserve(GroupId group) {
    List<Job> orphans = new ArrayList<>();
    synchronized (this) {
      shares.unreserve(group);
      for (Job job : jobs()) {
        if (job.state == Job.State.WAITING && group.equals(job.group)) {
          orphans.add(job);
        }
      }
    }
    for (Job job : orphans) {
      if (cancel(job)) {
        job.body.run(job);
      }
    }
    startMore();
  }
}
