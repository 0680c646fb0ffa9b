// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.StepExecution;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jspecify.annotations.Nullable;

/** Turns changes of state into events. */
final class StateEvents {
  private final JobEvents events;
  private final InstantSource clock;

  StateEvents(JobEvents events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  void job(JobExecutionImpl job) {
    publish(
        job,
        null,
        null,
        EventType.JOB,
        state(job.getBatchStatus(), job.getExitStatus(), FailureReason.of(job)));
  }

  void step(JobExecutionImpl job, StepExecution step) {
    publish(job, step.getStepName(), null, EventType.STEP, state(step));
  }

  void partition(JobExecutionImpl job, PartitionExecutionImpl partition) {
    publish(
        job,
        partition.getStepName(),
        partition.getPartitionId(),
        EventType.PARTITION,
        state(partition));
  }

  /** Partitions of a step that has begun wait, and why. */
  void waits(StepDemand step, String reason) {
    events.publish(
        new JobEvent(
            step.instanceId(),
            step.executionId(),
            step.stepName(),
            null,
            EventType.STEP,
            clock.instant(),
            Map.of("batchStatus", BatchStatus.STARTED.name(), "waits", reason)));
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

  private static Map<String, Object> state(StepExecution step) {
    return state(step.getBatchStatus(), step.getExitStatus(), FailureReason.of(step));
  }

  /** What failed also says why. */
  private static Map<String, Object> state(
      BatchStatus status, @Nullable String exitStatus, @Nullable String reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("batchStatus", status.name());
    if (exitStatus != null) {
      fields.put("exitStatus", exitStatus);
    }
    if (reason != null) {
      fields.put("reason", reason);
    }
    return fields;
  }
}
