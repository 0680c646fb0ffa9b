// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/** How an attempt to run a bundle ended. */
public enum AttemptEnd {
  COMPLETED,
  /** It failed by itself: counts toward {@link RetryPolicy#attempts()}. */
  FAILED,
  /** Its node drained or was reclaimed: counts toward {@link RetryPolicy#preemptions()}. */
  PREEMPTED,
  /** Its node died or was taken for dead: counts toward quarantine. */
  NODE_LOST,
  /** Another member of its gang ended early; counts for nothing. */
  GANG_ABORTED,
  /** The placement could not be committed, so it never began; counts for nothing. */
  NOT_STARTED
}
