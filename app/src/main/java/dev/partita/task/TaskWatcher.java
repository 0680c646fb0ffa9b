// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/**
 * Told of what runs, as it runs: a bean of this type hears of this pod's. Called on the threads
 * that do the work, some under a lock: never waits, and returns within a microsecond.
 */
public interface TaskWatcher {
  /** A task of this pod's was sent to a pod that had room, so long after it was submitted. */
  void sent(long waitedNanos);

  /** A task or call ran here, whoever owns it; or an object came. */
  void ran(TimelineEvent.Kind kind, long nanos);
}
