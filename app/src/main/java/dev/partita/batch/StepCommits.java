// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;

/**
 * Hears of what a step committed otherwise than by transactions of its partitions, such as the
 * checkpoint of a training: pods that die under them after that are no sign that the work is at
 * fault.
 */
@ApplicationScoped
public class StepCommits {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final JobEngine engine;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected StepCommits() {
    this(null);
  }

  @Inject
  public StepCommits(JobEngine engine) {
    this.engine = engine;
  }

  /** Call it after the commit, on a thread that may wait for the database; throws nothing. */
  public void committed(long instanceId, String stepName) {
    try {
      new WorkRepository(engine.parts().database()).checkpointed(instanceId, stepName);
    } catch (RuntimeException e) {
      // The next one is noted.
      LOG.log(Level.WARNING, "A checkpoint of {0} is not noted: {1}", stepName, e.getMessage());
    }
  }
}
