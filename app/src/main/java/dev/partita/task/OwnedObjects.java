// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The objects that this pod owns: those that were made or put by calls of its own. An object is
 * forgotten when nobody holds on to it: no reference in this process, no call under way, no other
 * pod that lives. Any thread.
 */
final class OwnedObjects {
  private final long owner = new SecureRandom().nextLong();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<RefId, ObjectEntry> entries = new ConcurrentHashMap<>();
  private final Consumer<Value> forgotten;

  /**
   * None yet.
   *
   * @param forgotten told of values that nobody needs any more
   */
  OwnedObjects(Consumer<Value> forgotten) {
    this.forgotten = forgotten;
  }

  /** A new object, held once. */
  ObjectEntry add() {
    ObjectEntry entry = new ObjectEntry(new RefId(owner, numbers.incrementAndGet()));
    entry.holds = 1;
    entries.put(entry.id, entry);
    return entry;
  }

  /** Holds on to it once more. */
  void hold(ObjectEntry entry) {
    synchronized (entry) {
      if (entry.unused()) {
        throw new PartitaException(
            ErrorCode.OBJECT_LOST, "object " + entry.id + " was let go of already");
      }
      entry.holds++;
    }
  }

  void release(ObjectEntry entry) {
    synchronized (entry) {
      entry.holds--;
    }
    forgetIfUnused(entry);
  }

  /** Another pod holds on to it. */
  void lend(RefId id, String borrower) {
    ObjectEntry entry = find(id);
    synchronized (entry) {
      entry.borrowers.merge(borrower, 1, Integer::sum);
    }
  }

  /** It does not any more; nothing happens if it never did. */
  void takeBack(RefId id, String borrower) {
    ObjectEntry entry = entries.get(id);
    if (entry != null) {
      synchronized (entry) {
        entry.borrowers.computeIfPresent(borrower, (pod, times) -> times == 1 ? null : times - 1);
      }
      forgetIfUnused(entry);
    }
  }

  /** A pod is gone, and with it what it held on to. */
  void borrowerGone(String borrower) {
    for (ObjectEntry entry : List.copyOf(entries.values())) {
      boolean held;
      synchronized (entry) {
        held = entry.borrowers.remove(borrower) != null;
      }
      if (held) {
        forgetIfUnused(entry);
      }
    }
  }

  private void forgetIfUnused(ObjectEntry entry) {
    synchronized (entry) {
      if (!entry.unused() || !entries.remove(entry.id, entry)) {
        return;
      }
    }
    Submission lineage = entry.lineage;
    entry.lineage = null;
    if (lineage != null) {
      lineage.letGo();
    }
    entry.settle.run();
    entry.whenDone(
        (value, failure) -> {
          if (value != null) {
            forgotten.accept(value);
          }
        });
  }

  /**
   * Finds one of ours.
   *
   * @throws PartitaException OBJECT_LOST if there is no such object (any more)
   */
  ObjectEntry find(RefId id) {
    ObjectEntry entry = entries.get(id);
    if (entry == null) {
      throw new PartitaException(
          ErrorCode.OBJECT_LOST, "there is no object " + id + " on this pod (any more)");
    }
    return entry;
  }

  boolean owns(RefId id) {
    return id.owner() == owner;
  }

  long owner() {
    return owner;
  }

  List<ObjectEntry> all() {
    return new ArrayList<>(entries.values());
  }

  int count() {
    return entries.size();
  }
}
