// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.StepExecution;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jberet.runtime.AbstractStepExecution;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jspecify.annotations.Nullable;

/** Turns changes of state into events. */
final class StateEvents {
  private static final Pattern WRAPPED =
      Pattern.compile(
          "^(?:(?:jakarta\\.batch\\.operations\\.BatchRuntimeException"
              + "|dev\\.partita\\.error\\.PartitaException): )+");

  private final JobEvents events;
  private final InstantSource clock;

  StateEvents(JobEvents events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  void job(JobExecutionImpl job) {
    publish(job, null, null, EventType.JOB, state(job.getBatchStatus(), job.getExitStatus()));
  }

  void step(JobExecutionImpl job, StepExecution step) {
    publish(job, step.getStepName(), null, EventType.STEP, stateWithReason(step));
  }

  void partition(JobExecutionImpl job, PartitionExecutionImpl partition) {
    publish(
        job,
        partition.getStepName(),
        partition.getPartitionId(),
        EventType.PARTITION,
        stateWithReason(partition));
  }

  /** A process left the execution behind; {@code action} says what happens with it now. */
  void recovery(long instanceId, long executionId, String action, String reason) {
    events.publish(
        new JobEvent(
            instanceId,
            executionId,
            null,
            null,
            EventType.RECOVERY,
            clock.instant(),
            Map.of("recovery", action, "formerExecutionId", executionId, "reason", reason)));
  }

  private void publish(
      JobExecutionImpl job,
      @Nullable String step,
      @Nullable Integer partition,
      EventType type,
      Map<String, Object> fields) {
    events.publish(
        new JobEvent(
            job.getJobInstance().getInstanceId(),
            job.getExecutionId(),
            step,
            partition,
            type,
            clock.instant(),
            fields));
  }

  /** A step or partition that failed also says why. */
  private static Map<String, Object> stateWithReason(StepExecution step) {
    Map<String, Object> fields = state(step.getBatchStatus(), step.getExitStatus());
    if (step.getBatchStatus() == BatchStatus.FAILED
        && step instanceof AbstractStepExecution failed
        && failed.getException() != null) {
      fields.put("reason", reasonOf(failed.getException()));
    }
    return fields;
  }

  /** Our own errors are sentences; what they were wrapped in on the way says nothing more. */
  private static String reasonOf(Throwable failure) {
    return WRAPPED.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
  }

  private static Map<String, Object> state(BatchStatus status, @Nullable String exitStatus) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("batchStatus", status.name());
    if (exitStatus != null) {
      fields.put("exitStatus", exitStatus);
    }
    return fields;
  }
}
