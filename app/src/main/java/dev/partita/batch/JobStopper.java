// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import org.jberet.runtime.JobExecutionImpl;

/** Asks executions to stop, whichever pod runs them. */
final class JobStopper {
  private final EngineParts parts;

  JobStopper(EngineParts parts) {
    this.parts = parts;
  }

  /**
   * Keeps the wish and tells the pod that runs it; does not wait for the end.
   *
   * @throws PartitaException NOT_FOUND, or CONFLICT if it does not run
   */
  void stop(long executionId) {
    JobExecutionImpl job = parts.running().find(executionId);
    if (job == null || BatchState.valueOf(job.getBatchStatus().name()).ended()) {
      BatchState state =
          parts.history().execution(executionId).stream()
              .findFirst()
              .orElseThrow(
                  () ->
                      new PartitaException(
                          ErrorCode.NOT_FOUND, "There is no execution " + executionId))
              .batchState();
      if (!parts.cluster().shared() || state.ended()) {
        throw new PartitaException(
            ErrorCode.CONFLICT, "Execution " + executionId + " is " + state + ", not running");
      }
      // Another pod runs it, and sees this at the latest after its poll.
      parts.records().markStopping(executionId);
      parts.cluster().ring(Cluster.Bell.STOP);
      return;
    }
    parts.records().markStopping(executionId);
    // On a thread of its own: a batchlet's stop() may take its time.
    parts.threads().control().execute(job::stop);
    parts.threads().control().execute(() -> parts.admission().runIfWaiting(executionId));
  }
}
