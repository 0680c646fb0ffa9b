// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the world how far one step or partition is, and the step whether to stop. All methods are
 * cheap (no I/O on the caller's thread) and safe for any thread.
 */
public interface StepProgress {
  /** Tells nobody anything and never stops; for tests and calls outside a job. */
  StepProgress SILENT = new SilentProgress();

  /**
   * Work done so far; {@code total} is 0 when unknown. At most about four a second are told to
   * those who watch; the newest outlives the process, see {@link #furthest}.
   */
  void progress(long done, long total, String unit);

  /**
   * How far the latest former execution of this job instance got here, committed or not, even if it
   * was killed at once after; 0 if there was none or another machine ran it.
   */
  long furthest();

  /**
   * Tells those who watch that work goes on at {@code position} (in the unit of {@link #progress})
   * and what is computed once more: what lies between there and {@link #furthest}. Call it before
   * the first progress; it is silent where nothing was done before.
   */
  void resumed(long position, String unit);

  /** A point of the curve {@code name}; every one is kept. */
  void metric(String name, double x, double value);

  /** A checkpoint of this iteration is committed. */
  void checkpoint(long iteration, long bytes, Duration took);

  /** A line for the job log and for those who watch. */
  void log(String line);

  /** True once somebody asked the job to stop: end at the next boundary, saving what you have. */
  boolean stopRequested();

  long instanceId();

  long executionId();

  String stepName();

  /** Null when the step is not partitioned. */
  @Nullable Integer partition();
}
