// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

/**
 * How a rank ended.
 *
 * @param end why
 * @param iteration iterations done in all executions together
 */
public record Outcome(End end, long iteration) {
  /** Why a rank ended. */
  public enum End {
    /** All iterations are done and the last checkpoint is committed. */
    COMPLETED,
    /** Somebody stopped the job; a checkpoint of this iteration is committed. */
    STOPPED,
    /** A former execution had already completed the run. */
    ALREADY_COMPLETE
  }

  /** As an exit status: {@code COMPLETED at iteration 1040}. */
  @Override
  public String toString() {
    return end + " at iteration " + iteration;
  }
}
