// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * References to what clients asked for, and for whom. All that has not ended; of what has, the last
 * thousand, and no more than {@link #MAX_BYTES} of results: older ones are let go of, and only who
 * they belong to is remembered. Any thread.
 */
final class ClientResults {
  static final int KEPT = 1_000;
  static final long MAX_BYTES = 256L << 20;

  private final Map<RefId, Kept> all = new LinkedHashMap<>();
  private final Deque<Kept> ended = new ArrayDeque<>();
  private long bytes;

  /** A reference, which keeps the object, and the caller it was made for. */
  static final class Kept {
    final ObjectRef<?> ref;
    final Submission submission;
    final String owner;
    private long bytes;

    Kept(ObjectRef<?> ref, Submission submission, String owner) {
      this.ref = ref;
      this.submission = submission;
      this.owner = owner;
    }

    /** Whether the object was let go of. */
    boolean dropped() {
      return ref.hold().released();
    }
  }

  void keep(Kept kept, ObjectEntry entry) {
    synchronized (this) {
      all.put(entry.id, kept);
    }
    entry.whenDone((value, failure) -> ended(kept, size(value)));
  }

  static long size(@Nullable Value value) {
    if (value instanceof Value.Stored stored) {
      return stored.byteSize();
    }
    return value instanceof Value.Inline inline ? inline.bytes().length : 0;
  }

  private synchronized void ended(Kept kept, long size) {
    ended.add(kept);
    if (!kept.dropped()) {
      kept.bytes = size;
      bytes += size;
    }
    if (ended.size() > KEPT) {
      Kept oldest = ended.remove();
      all.remove(oldest.ref.refId());
      drop(oldest);
    }
    if (bytes > MAX_BYTES) {
      for (Kept old : List.copyOf(ended)) {
        // The newest is kept, however large.
        if (bytes > MAX_BYTES && old != kept) {
          drop(old);
        }
      }
    }
  }

  synchronized @Nullable Kept find(RefId id) {
    return all.get(id);
  }

  /** Lets go of the object of one. */
  synchronized void drop(Kept kept) {
    bytes -= kept.bytes;
    kept.bytes = 0;
    kept.ref.close();
  }

  synchronized Map<RefId, String> owners() {
    Map<RefId, String> owners = new HashMap<>();
    all.forEach((id, kept) -> owners.put(id, kept.owner));
    return owners;
  }
}
