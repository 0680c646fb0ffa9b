// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.JobsConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a process left running that is gone, and starts it again if so configured: at the
 * start, and where pods share the database whenever one is gone. A job that seems to kill its
 * process is quarantined: it waits for somebody to restart it.
 */
final class Recovery {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  /** Exit status of a job that is not started again by itself. */
  static final String QUARANTINED = "QUARANTINED";

  /** From the commit of its rows to the line that runs an execution. */
  private static final long BEGINS_WITHIN_NANOS = 1_000_000_000;

  private final EngineParts parts;
  private final JobsConfig jobs;
  private Map<Long, Long> unrunSinceNanos = Map.of();

  Recovery(EngineParts parts, JobsConfig jobs) {
    this.parts = parts;
    this.jobs = jobs;
  }

  void run() {
    for (JobRecordRepository.Unfinished one : parts.records().left()) {
      take(one);
    }
  }

  /**
   * Takes over executions of this process that nothing runs any more: they lost the database. To be
   * called again and again, by one thread; what is found for a second is not about to begin.
   */
  void runUnrun() {
    Map<Long, Long> found = new HashMap<>();
    for (JobRecordRepository.Unfinished one : parts.records().owned()) {
      long executionId = one.executionId();
      if (parts.running().find(executionId) == null) {
        long since = unrunSinceNanos.getOrDefault(executionId, System.nanoTime());
        found.put(executionId, since);
        if (System.nanoTime() - since >= BEGINS_WITHIN_NANOS) {
          take(one);
        }
      }
    }
    unrunSinceNanos = found;
  }

  private void take(JobRecordRepository.Unfinished one) {
    try {
      boolean restartable = !one.stopping() && restartable(one);
      Ended ended = parts.database().within(() -> end(one, restartable));
      if (ended.action != null) {
        tell(one, ended.action, ended.reason);
      }
      if (ended.successor != null) {
        Submission again = new JobStarter(parts).start(ended.successor);
        LOG.log(
            Level.INFO,
            "Execution {0} of job instance {1} goes on as execution {2}",
            Long.toString(one.executionId()),
            Long.toString(one.instanceId()),
            Long.toString(again.executionId()));
      }
    } catch (PartitaException e) {
      if (e.code() == ErrorCode.STORAGE_FAILURE) {
        throw e;
      }
      LOG.log(Level.ERROR, "Execution " + one.executionId() + " cannot be restarted", e);
      if (parts.database().within(() -> end(one, false)).action != null) {
        tell(one, "failed", String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * What became of an execution.
   *
   * @param action null if another pod was quicker
   */
  private record Ended(
      @Nullable String action, String reason, JobStarter.@Nullable Prepared successor) {}

  /** Ends what was left, and makes the rows of its successor in the same transaction. */
  private Ended end(JobRecordRepository.Unfinished one, boolean restartable) {
    if (!JobRecordRepository.lockRunning(parts.database(), one.executionId(), "")) {
      return new Ended(null, "", null);
    }
    int deaths = parts.records().countDeaths(one, committed(one));
    boolean quarantined = deaths >= jobs.quarantineAfter();
    boolean manual = jobs.recovery() == JobsConfig.Recovery.MANUAL;
    boolean goesOn = restartable && !quarantined && !manual;
    if (!goesOn) {
      new WorkRepository(parts.database()).cancel(one.instanceId(), "");
    }
    parts
        .records()
        .endLeft(
            one,
            quarantined ? QUARANTINED : FencedJobRepository.OWNER_DIED,
            quarantined ? quarantineReason() : "its process ended");
    if (goesOn) {
      return new Ended(
          "restart", "its process ended", new JobStarter(parts).takeOver(one.executionId()));
    }
    if (one.stopping()) {
      return new Ended("stopped", "it was asked to stop when its process ended", null);
    }
    if (quarantined) {
      return new Ended("quarantined", quarantineReason(), null);
    }
    return manual
        ? new Ended("manual", "its process ended; restart it by hand", null)
        : new Ended("failed", "its process ended, and the job has restartable=\"false\"", null);
  }

  private String quarantineReason() {
    return "quarantined: its process died "
        + jobs.quarantineAfter()
        + " times in a row under it with nothing committed in between; restart it by hand";
  }

  private boolean committed(JobRecordRepository.Unfinished one) {
    if (parts.records().committed(one.executionId())
        || parts.records().committedElsewhere(one.instanceId(), one.begun(), jobs.lease())) {
      return true;
    }
    for (InstanceData data : parts.data()) {
      if (data.lastCommit(one.instanceId()).filter(at -> !at.isBefore(one.begun())).isPresent()) {
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

  private void tell(JobRecordRepository.Unfinished one, String action, String reason) {
    parts.events().recovery(one.instanceId(), one.executionId(), action, reason);
  }
}
