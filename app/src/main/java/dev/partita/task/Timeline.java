// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What ran on this pod lately, the last {@link #SIZE} of it; older events are overwritten. Any
 * thread; nobody waits.
 */
final class Timeline {
  static final int SIZE = 1 << 15;

  /** Both clocks at one moment. */
  private final long zeroMicros = System.currentTimeMillis() * 1_000;

  private final long zeroNanos = System.nanoTime();
  private final AtomicReferenceArray<@Nullable Entry> ring = new AtomicReferenceArray<>(SIZE);
  private final AtomicLong next = new AtomicLong();
  private volatile List<TaskWatcher> watchers = List.of();

  private record Entry(
      TimelineEvent.Kind kind, String name, long fromNanos, long nanos, Thread thread) {}

  void watch(List<TaskWatcher> all) {
    watchers = List.copyOf(all);
  }

  /** It began then, on this thread, and ends now. */
  void add(TimelineEvent.Kind kind, String name, long fromNanos) {
    long nanos = System.nanoTime() - fromNanos;
    int place = (int) (next.getAndIncrement() & (SIZE - 1));
    ring.set(place, new Entry(kind, name, fromNanos, nanos, Thread.currentThread()));
    for (TaskWatcher watcher : watchers) {
      watcher.ran(kind, nanos);
    }
  }

  /** A task of this pod's goes to one that has room. */
  void sent(long waitedNanos) {
    for (TaskWatcher watcher : watchers) {
      watcher.sent(waitedNanos);
    }
  }

  /** What ended within that time, the oldest first. */
  List<TimelineEvent> last(Duration time) {
    long from = System.nanoTime() - time.toNanos();
    List<Entry> found = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      Entry entry = ring.get(i);
      if (entry != null && entry.fromNanos() + entry.nanos() - from >= 0) {
        found.add(entry);
      }
    }
    found.sort((a, b) -> Long.compare(a.fromNanos() - zeroNanos, b.fromNanos() - zeroNanos));
    return found.stream().map(this::event).toList();
  }

  private TimelineEvent event(Entry entry) {
    return new TimelineEvent(
        entry.kind(),
        entry.name(),
        zeroMicros + TimeUnit.NANOSECONDS.toMicros(entry.fromNanos() - zeroNanos),
        entry.nanos(),
        new TimelineEvent.ThreadId(entry.thread().getId(), entry.thread().getName()));
  }
}
