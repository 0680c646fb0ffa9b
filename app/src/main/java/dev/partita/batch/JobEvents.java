// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/**
 * The durable stream of events of each job instance, continuous across executions. Safe for any
 * thread; publishing never blocks on the database.
 */
@ApplicationScoped
public class JobEvents {

  /** Queues the event; it is stored and visible to readers within about a quarter of a second. */
  public void publish(JobEvent event) {
    throw new UnsupportedOperationException();
  }

  /** At most {@code limit} events after {@code seq} (0 means from the beginning), oldest first. */
  public List<StoredEvent> after(long instanceId, long seq, int limit) {
    return after(instanceId, seq, limit, Set.of(EventType.values()));
  }

  /** As {@link #after(long, long, int)}, but only of these types. */
  public List<StoredEvent> after(long instanceId, long seq, int limit, Set<EventType> types) {
    throw new UnsupportedOperationException();
  }

  /**
   * Rings {@code doorbell} whenever events of the instance became readable by {@link #after}. The
   * doorbell must return at once (wake a thread, complete a future); rings may be merged, and one
   * may come without news.
   */
  public Subscription subscribe(long instanceId, Runnable doorbell) {
    throw new UnsupportedOperationException();
  }

  /** Ends the rings when closed. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
