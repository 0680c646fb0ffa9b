// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.JobsConfig;
import dev.partita.error.PartitaException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;

/** At start: ends what a former process left running, and starts it again if so configured. */
final class Recovery {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final EngineParts parts;
  private final JobsConfig jobs;

  Recovery(EngineParts parts, JobsConfig jobs) {
    this.parts = parts;
    this.jobs = jobs;
  }

  void run() {
    List<JobRecordRepository.Unfinished> left = parts.records().leftByFormerIncarnation();
    for (JobRecordRepository.Unfinished one : left) {
      parts.records().endLeft(one);
      if (one.stopping()) {
        tell(one, "stopped", "it was asked to stop when its process ended");
      } else if (jobs.recovery() == JobsConfig.Recovery.MANUAL) {
        tell(one, "manual", "its process ended; restart it by hand");
      } else if (!restartable(one)) {
        tell(one, "failed", "its process ended, and the job has restartable=\"false\"");
      } else {
        tell(one, "restart", "its process ended");
        restart(one);
      }
    }
  }

  private boolean restartable(JobRecordRepository.Unfinished one) {
    return parts
        .records()
        .jsl(one.instanceId())
        .map(jsl -> parts.definitions().parse(jsl).getRestartableBoolean())
        .orElse(false);
  }

  private void restart(JobRecordRepository.Unfinished one) {
    try {
      Submission again = new JobStarter(parts).restart(one.executionId(), Map.of());
      LOG.log(
          Level.INFO,
          "Execution {0} of job instance {1} goes on as execution {2}",
          Long.toString(one.executionId()),
          Long.toString(one.instanceId()),
          Long.toString(again.executionId()));
    } catch (PartitaException e) {
      LOG.log(Level.ERROR, "Execution " + one.executionId() + " cannot be restarted", e);
      tell(one, "failed", String.valueOf(e.getMessage()));
    }
  }

  private void tell(JobRecordRepository.Unfinished one, String action, String reason) {
    parts.events().recovery(one.instanceId(), one.executionId(), action, reason);
  }
}
