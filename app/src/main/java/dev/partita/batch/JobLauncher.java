// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.runtime.BatchStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jberet.runtime.JobExecutionImpl;

/**
 * Starts and ends jobs. Unknown ids are {@code PartitaException} NOT_FOUND, a state that forbids
 * the call is CONFLICT, a refused job definition is INVALID_JOB. None of the methods waits for a
 * job.
 */
@ApplicationScoped
public class JobLauncher {
  private final JobEngine engine;
  private final JobHistory history;
  private final JobEvents events;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected JobLauncher() {
    this(null, null, null);
  }

  @Inject
  public JobLauncher(JobEngine engine, JobHistory history, JobEvents events) {
    this.engine = engine;
    this.history = history;
    this.events = events;
  }

  /** Accepts a job: when this returns, its rows are committed. */
  public Submission submit(JobSubmission submission) {
    return new JobStarter(engine.parts()).submit(submission);
  }

  /** Asks a running execution to stop; it does so within about two seconds. */
  public void stop(long executionId) {
    new JobStopper(engine.parts()).stop(executionId);
  }

  /**
   * Starts a new execution of the same instance, which goes on where {@code executionId} ended.
   *
   * @param parameters override or add to the former parameters
   */
  public Submission restart(long executionId, Map<String, String> parameters) {
    return restart(executionId, parameters, true);
  }

  /**
   * As {@link #restart(long, Map)}.
   *
   * @param reuse false: the former parameters are forgotten, only the given ones hold
   */
  public Submission restart(long executionId, Map<String, String> parameters, boolean reuse) {
    EngineParts parts = engine.parts();
    Submission again = new JobStarter(parts).restart(executionId, parameters, reuse);
    parts.records().forgetDeaths(again.instanceId());
    return again;
  }

  /** Gives an ended execution up: it can never be restarted. */
  public void abandon(long executionId) {
    BatchState state = history.execution(executionId).batchState();
    if (!state.ended()) {
      throw new PartitaException(
          ErrorCode.CONFLICT, "Execution " + executionId + " is " + state + "; stop it first");
    }
    FencedJobRepository repository = engine.parts().repository();
    JobExecutionImpl job = (JobExecutionImpl) repository.getJobExecution(executionId);
    job.setBatchStatus(BatchStatus.ABANDONED);
    repository.updateJobExecution(job, false, false);
  }

  /**
   * Forgets an ended instance: its rows, events and checkpoints; models it registered stay.
   *
   * @param keepLogs leaves the log files where they are
   */
  public void purge(long instanceId, boolean keepLogs) {
    List<JobExecutionInfo> gone = new JobPurge(engine.parts()).purge(instanceId);
    if (!keepLogs) {
      events.deleteLogs(gone);
    }
  }

  /** The names of the packaged jobs, without {@code .xml}, sorted. */
  public List<String> jobDefinitions() {
    return engine.parts().definitions().names();
  }
}
