// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import org.jspecify.annotations.Nullable;

/**
 * The right to work on a partition, valid while the lease row still has this attempt.
 *
 * @param attempt the fencing token
 */
record PartitionClaim(long stepExecutionId, int partition, long attempt) {
  private static final ThreadLocal<@Nullable PartitionClaim> HELD = new ThreadLocal<>();

  /** The claim under which this thread works, if any. */
  static @Nullable PartitionClaim ofThisThread() {
    return HELD.get();
  }

  /** Runs the work as the holder of this claim. */
  void hold(Runnable work) {
    HELD.set(this);
    try {
      work.run();
    } finally {
      HELD.remove();
    }
  }
}
