// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The durable stream of events of each job instance, continuous across executions. Safe for any
 * thread; publishing never blocks on the database.
 */
@ApplicationScoped
public class JobEvents {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");
  private static final int MAX_QUEUED = 65_536;
  private static final int MAX_BATCH = 2_048;
  private static final long GATHER_MILLIS = 100;
  private static final long RETRY_MILLIS = 500;
  private static final Set<EventType> QUIET = EnumSet.of(EventType.PROGRESS, EventType.METRIC);

  private final JobLog log;
  private final BlockingQueue<JobEvent> queue = new LinkedBlockingQueue<>(MAX_QUEUED);
  private final AtomicLong dropped = new AtomicLong();
  private final Object logging = new Object();
  private final ConcurrentMap<Long, List<Runnable>> doorbells = new ConcurrentHashMap<>();
  private final List<Consumer<JobEvent>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable EventRepository repository;
  private volatile boolean closing;

  /** For the container's proxy only. */
  protected JobEvents() {
    this(new JobLog());
  }

  @Inject
  public JobEvents(JobLog log) {
    this.log = log;
  }

  /**
   * Queues the event; it is stored and visible to readers within about a quarter of a second. If
   * the database is away for so long that 65,536 events wait, further ones are dropped and counted
   * in the log.
   */
  public void publish(JobEvent event) {
    listeners.forEach(listener -> listener.accept(event));
    if (!queue.offer(event)) {
      dropped.incrementAndGet();
    }
  }

  /** Tells every event of this process to {@code listener}, at once, on the publisher's thread. */
  public void listen(Consumer<JobEvent> listener) {
    listeners.add(listener);
  }

  /** At most {@code limit} events after {@code seq} (0 means from the beginning), oldest first. */
  public List<StoredEvent> after(long instanceId, long seq, int limit) {
    return after(instanceId, seq, limit, EnumSet.allOf(EventType.class));
  }

  /** As {@link #after(long, long, int)}, but only of these types. */
  public List<StoredEvent> after(long instanceId, long seq, int limit, Set<EventType> types) {
    EventRepository events = repository;
    return events == null || types.isEmpty()
        ? List.of()
        : events.after(instanceId, seq, limit, types);
  }

  /**
   * Rings {@code doorbell} whenever events of the instance became readable by {@link #after}. The
   * doorbell must return at once (wake a thread, complete a future); rings may be merged, and one
   * may come without news.
   */
  public Subscription subscribe(long instanceId, Runnable doorbell) {
    doorbells.computeIfAbsent(instanceId, id -> new CopyOnWriteArrayList<>()).add(doorbell);
    return () ->
        doorbells.computeIfPresent(
            instanceId,
            (id, rings) -> {
              rings.remove(doorbell);
              return rings.isEmpty() ? null : rings;
            });
  }

  /** Ends the rings when closed. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Where events go from now on; until then they wait. */
  void storeIn(EventRepository events) {
    repository = events;
  }

  /**
   * The loop of the one thread that stores events; ends after {@link #close}, with an empty queue.
   */
  void storeForever() {
    List<JobEvent> batch = new ArrayList<>();
    while (!closing || !queue.isEmpty()) {
      try {
        JobEvent first = queue.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        if (!closing) {
          TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
        }
        batch.add(first);
        queue.drainTo(batch, MAX_BATCH - 1);
        store(batch);
        batch.clear();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Lets {@link #storeForever} end once everything queued is stored. */
  void close() {
    closing = true;
  }

  private void store(List<JobEvent> batch) throws InterruptedException {
    Map<Long, List<JobEvent>> byInstance = new LinkedHashMap<>();
    for (JobEvent event : batch) {
      byInstance.computeIfAbsent(event.instanceId(), id -> new ArrayList<>()).add(event);
    }
    for (Map.Entry<Long, List<JobEvent>> entry : byInstance.entrySet()) {
      storeOf(entry.getKey(), entry.getValue());
    }
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      LOG.log(Level.WARNING, "{0} job events were dropped: the database did not keep up", lost);
    }
  }

  private void storeOf(long instanceId, List<JobEvent> events) throws InterruptedException {
    EventRepository target = repository;
    while (target != null) {
      try {
        if (storeAndLog(target, instanceId, events)) {
          doorbells.getOrDefault(instanceId, List.of()).forEach(Runnable::run);
        }
        return;
      } catch (RuntimeException e) {
        if (closing) {
          LOG.log(Level.WARNING, "Events of instance " + instanceId + " were not stored", e);
          return;
        }
        LOG.log(Level.WARNING, "Events of instance {0} wait: {1}", instanceId, e.getMessage());
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }

  private boolean storeAndLog(EventRepository target, long instanceId, List<JobEvent> events) {
    synchronized (logging) {
      if (!target.append(instanceId, events)) {
        return false;
      }
      writeLog(events);
      return true;
    }
  }

  /**
   * Deletes the logs of executions whose instance is purged: events that still wait find no
   * instance, so none of the logs comes back.
   */
  void deleteLogs(List<JobExecutionInfo> purged) {
    synchronized (logging) {
      purged.forEach(execution -> log.delete(execution.executionId()));
    }
  }

  private void writeLog(List<JobEvent> events) {
    Map<Long, List<String>> lines = new LinkedHashMap<>();
    for (JobEvent event : events) {
      if (!QUIET.contains(event.type()) && event.executionId() > 0) {
        lines
            .computeIfAbsent(event.executionId(), id -> new ArrayList<>())
            .add(JobLog.line(event.time(), describe(event)));
      }
    }
    lines.forEach(log::append);
  }

  private static String describe(JobEvent event) {
    StringBuilder text = new StringBuilder(event.type().word());
    if (event.step() != null) {
      text.append(' ').append(event.step());
    }
    if (event.partition() != null) {
      text.append('[').append(event.partition()).append(']');
    }
    event
        .fields()
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return text.toString();
  }
}
