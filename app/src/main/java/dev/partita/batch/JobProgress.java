// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.config.PodClock;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.context.StepContextImpl;

/** Gives a batch artifact the means to tell how far it is. Inject it next to the StepContext. */
@ApplicationScoped
public class JobProgress {
  private final JobEvents events;
  private final ProgressMarks marks;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected JobProgress() {
    events = null;
    marks = null;
  }

  @Inject
  public JobProgress(JobEvents events, PartitaConfig config) {
    this.events = events;
    this.marks = ProgressMarks.in(config.outputDirectory());
  }

  /**
   * Of the step or partition that {@code context} belongs to; keep it for the whole run. A context
   * that is not the engine's own, as in a unit test, gives {@link StepProgress#SILENT}.
   */
  public StepProgress of(StepContext context) {
    if (!(context instanceof StepContextImpl running)) {
      return StepProgress.SILENT;
    }
    Integer partition =
        running.getStepExecution() instanceof PartitionExecutionImpl execution
            ? Integer.valueOf(execution.getPartitionId())
            : null;
    JobExecutionImpl job = running.getJobContext().getJobExecution();
    return new StepReporter(
        job,
        running.getStepName(),
        partition,
        events,
        PodClock.source(),
        marks.of(job.getJobInstance().getInstanceId(), running.getStepName(), partition));
  }
}
