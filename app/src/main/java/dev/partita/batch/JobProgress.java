// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.context.StepContextImpl;

/** Gives a batch artifact the means to tell how far it is. Inject it next to the StepContext. */
@ApplicationScoped
public class JobProgress {
  private final JobEvents events;

  /** For the container's proxy only. */
  protected JobProgress() {
    this(new JobEvents());
  }

  @Inject
  public JobProgress(JobEvents events) {
    this.events = events;
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
    return new StepReporter(
        running.getJobContext().getJobExecution(),
        running.getStepName(),
        partition,
        events,
        InstantSource.system());
  }
}
