// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.FaultPoint;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.lang.System.Logger.Level;
import java.util.List;

/** Forgets ended job instances: all rows in one transaction, then the files. */
final class JobPurge {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final EngineParts parts;

  JobPurge(EngineParts parts) {
    this.parts = parts;
  }

  /**
   * Purges one instance.
   *
   * @return its executions, which are no more
   * @throws PartitaException CONFLICT while one of them is active
   */
  List<JobExecutionInfo> purge(long instanceId) {
    List<JobExecutionInfo> gone =
        parts
            .database()
            .within(
                () -> {
                  // Held until the commit, so that nobody restarts it meanwhile.
                  parts.records().lockAndReadLastExecution(instanceId);
                  List<JobExecutionInfo> all = parts.history().executions(instanceId);
                  all.forEach(JobPurge::requireEnded);
                  parts.data().forEach(data -> data.purge(instanceId));
                  parts.records().delete(instanceId);
                  return all;
                });
    FaultPoint.reach("purge-commit");
    parts.marks().delete(instanceId);
    parts.repository().removeJobInstance(instanceId);
    sweep();
    return gone;
  }

  /** Deletes files that belong to nobody; what cannot be deleted now waits for the next time. */
  void sweep() {
    for (InstanceData data : parts.data()) {
      try {
        data.sweep();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "Files that belong to nobody wait: " + e.getMessage(), e);
      }
    }
  }

  private static void requireEnded(JobExecutionInfo execution) {
    if (!execution.batchState().ended()) {
      throw new PartitaException(
          ErrorCode.CONFLICT,
          "Instance "
              + execution.instanceId()
              + " is active: execution "
              + execution.executionId()
              + " is "
              + execution.batchState());
    }
  }
}
