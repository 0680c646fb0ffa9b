// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.Locale;

/** The kinds of {@link JobEvent}; on the wire in lower case. */
public enum EventType {
  /** An execution changed its state: batchStatus, exitStatus; of a failure its reason. */
  JOB,
  /**
   * A step changed its state: batchStatus, exitStatus; of a failure its reason. Or partitions of it
   * wait: waits says why.
   */
  STEP,
  /** A partition changed its state: batchStatus, exitStatus; of a failure its reason. */
  PARTITION,
  /** Work done so far: done, total, unit, ratePerSecond. */
  PROGRESS,
  /** A point of a curve: name, x, value. */
  METRIC,
  /** A checkpoint was committed: iteration, bytes, seconds. */
  CHECKPOINT,
  /**
   * An execution left by a former process was found (recovery, formerExecutionId, reason), or a
   * step or partition goes on where a former execution ended: resumedAt, redone, unit.
   */
  RECOVERY,
  /** A line of the job log: line. */
  LOG;

  /** The word used in events sent to clients. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
