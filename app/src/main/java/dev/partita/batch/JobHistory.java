// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * What ran and what became of it, read from the database. All methods throw {@code
 * PartitaException} NOT_FOUND for an unknown id.
 */
@ApplicationScoped
public class JobHistory {

  public JobInstanceInfo instance(long instanceId) {
    throw new UnsupportedOperationException();
  }

  public List<JobInstanceInfo> search(InstanceQuery query) {
    throw new UnsupportedOperationException();
  }

  /** Newest first. */
  public List<JobExecutionInfo> executions(long instanceId) {
    throw new UnsupportedOperationException();
  }

  public JobExecutionInfo execution(long executionId) {
    throw new UnsupportedOperationException();
  }

  /** In the order they started. */
  public List<StepExecutionInfo> steps(long executionId) {
    throw new UnsupportedOperationException();
  }

  public StepExecutionInfo step(long stepExecutionId) {
    throw new UnsupportedOperationException();
  }
}
