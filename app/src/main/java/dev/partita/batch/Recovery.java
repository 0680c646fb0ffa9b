// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.JobsConfig;
import dev.partita.error.PartitaException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;

/**
 * At start: ends what a former process left running, and starts it again if so configured. A job
 * that seems to kill its process is quarantined: it waits for somebody to restart it.
 */
final class Recovery {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  /** Exit status of a job that is not started again by itself. */
  static final String QUARANTINED = "QUARANTINED";

  private final EngineParts parts;
  private final JobsConfig jobs;

  Recovery(EngineParts parts, JobsConfig jobs) {
    this.parts = parts;
    this.jobs = jobs;
  }

  void run() {
    List<JobRecordRepository.Unfinished> left = parts.records().leftByFormerIncarnation();
    for (JobRecordRepository.Unfinished one : left) {
      boolean quarantined = end(one);
      if (one.stopping()) {
        tell(one, "stopped", "it was asked to stop when its process ended");
      } else if (quarantined) {
        tell(one, "quarantined", quarantineReason());
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

  /** Ends what was left; true if it is not to be started again by itself. */
  private boolean end(JobRecordRepository.Unfinished one) {
    return parts
        .database()
        .within(
            () -> {
              int deaths = parts.records().countDeaths(one, committed(one));
              boolean quarantined = deaths >= jobs.quarantineAfter();
              parts
                  .records()
                  .endLeft(
                      one,
                      quarantined ? QUARANTINED : FencedJobRepository.OWNER_DIED,
                      quarantined ? quarantineReason() : "its process ended");
              return quarantined;
            });
  }

  private String quarantineReason() {
    return "quarantined: its process died "
        + jobs.quarantineAfter()
        + " times in a row under it with nothing committed in between; restart it by hand";
  }

  private boolean committed(JobRecordRepository.Unfinished one) {
    if (parts.records().committed(one.executionId())) {
      return true;
    }
    for (InstanceData data : parts.data()) {
      if (data.lastCommit(one.instanceId()).filter(at -> !at.isBefore(one.created())).isPresent()) {
        return true;
      }
    }
    return false;
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
