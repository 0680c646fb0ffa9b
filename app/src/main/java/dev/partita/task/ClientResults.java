// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * References to what clients asked for, and for whom. All that has not ended; of what has, the last
 * thousand, and no more than {@link #MAX_BYTES} of results: older ones are let go of. Any thread.
 */
final class ClientResults {
  static final int KEPT = 1_000;
  static final long MAX_BYTES = 256L << 20;

  private final Map<RefId, Kept> all = new LinkedHashMap<>();
  private final Deque<Ended> ended = new ArrayDeque<>();
  private long bytes;

  /** A reference, which keeps the object, and the caller it was made for. */
  record Kept(ObjectRef<?> ref, Submission submission, String owner) {}

  private record Ended(RefId id, long bytes) {}

  void keep(Kept kept, ObjectEntry entry) {
    synchronized (this) {
      all.put(entry.id, kept);
    }
    entry.whenDone((value, failure) -> ended(entry.id, size(value)));
  }

  static long size(@Nullable Value value) {
    if (value instanceof Value.Stored stored) {
      return stored.byteSize();
    }
    return value instanceof Value.Inline inline ? inline.bytes().length : 0;
  }

  private void ended(RefId id, long size) {
    Deque<ObjectRef<?>> over = new ArrayDeque<>();
    synchronized (this) {
      if (!all.containsKey(id)) {
        return;
      }
      ended.add(new Ended(id, size));
      bytes += size;
      // The newest is kept, however large.
      while (ended.size() > 1 && (ended.size() > KEPT || bytes > MAX_BYTES)) {
        Ended oldest = ended.remove();
        bytes -= oldest.bytes();
        Kept kept = all.remove(oldest.id());
        if (kept != null) {
          over.add(kept.ref());
        }
      }
    }
    over.forEach(ObjectRef::close);
  }

  synchronized @Nullable Kept find(RefId id) {
    return all.get(id);
  }

  /** Lets go of one; false if it is not kept (any more). */
  boolean drop(RefId id) {
    Kept kept;
    synchronized (this) {
      kept = all.remove(id);
      ended.removeIf(
          one -> {
            boolean same = one.id().equals(id);
            bytes -= same ? one.bytes() : 0;
            return same;
          });
    }
    if (kept != null) {
      kept.ref().close();
    }
    return kept != null;
  }

  synchronized Map<RefId, String> owners() {
    Map<RefId, String> owners = new java.util.HashMap<>();
    all.forEach((id, kept) -> owners.put(id, kept.owner()));
    return owners;
  }
}
