// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores ends of partitions in groups: while one transaction is flushed to disk, the ends that come
 * meanwhile gather for the next. Whoever finds nobody writing writes for all. Any thread.
 */
final class PartitionEnds {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");
  private static final int MOST = 100;

  private final WorkBatchRepository batches;
  private final Runnable stored;
  private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();

  /**
   * @param stored told after each transaction
   */
  PartitionEnds(WorkBatchRepository batches, Runnable stored) {
    this.batches = batches;
    this.stored = stored;
  }

  /** An end that a thread waits for; guarded by {@code writing}. */
  private static final class Waiting {
    final WorkBatchRepository.End end;
    boolean over;
    boolean stored;

    Waiting(WorkBatchRepository.End end) {
      this.end = end;
    }
  }

  /**
   * Stores it, perhaps with others.
   *
   * @return false if nothing is known to be stored: the claim is lost, or locked at this moment, or
   *     the database is away. The caller tries alone and learns which
   */
  boolean store(WorkBatchRepository.End end) {
    Waiting mine = new Waiting(end);
    queue.add(mine);
    writing.lock();
    try {
      while (!mine.over) {
        writeSome();
      }
      return mine.stored;
    } finally {
      writing.unlock();
    }
  }

  private void writeSome() {
    List<Waiting> group = new ArrayList<>();
    for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
      group.add(next);
      if (group.size() == MOST) {
        break;
      }
    }
    try {
      Set<PartitionClaim> held =
          PartitionClaim.aside(
              () -> batches.end(group.stream().map(waiting -> waiting.end).toList()));
      group.forEach(waiting -> waiting.stored = held.contains(waiting.end.claim()));
      stored.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0} ends are stored one by one: {1}", group.size(), e.getMessage());
    } finally {
      group.forEach(waiting -> waiting.over = true);
    }
  }
}
