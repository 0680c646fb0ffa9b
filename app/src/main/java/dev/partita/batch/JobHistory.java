// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;

/**
 * What ran and what became of it, read from the database. All methods throw {@code
 * PartitaException} NOT_FOUND for an unknown id.
 */
@ApplicationScoped
public class JobHistory {
  private final JobEngine engine;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected JobHistory() {
    this(null);
  }

  @Inject
  public JobHistory(JobEngine engine) {
    this.engine = engine;
  }

  public JobInstanceInfo instance(long instanceId) {
    InstanceQuery one =
        new InstanceQuery(
            List.of(new InstanceQuery.IdRange(instanceId, instanceId)),
            null,
            null,
            Set.of(),
            InstanceQuery.Text.ANY,
            List.of(),
            0,
            1);
    return only(search(one), "job instance", instanceId);
  }

  public List<JobInstanceInfo> search(InstanceQuery query) {
    return repository().search(new InstanceSearch(query));
  }

  /** Newest first. */
  public List<JobExecutionInfo> executions(long instanceId) {
    JobInstanceInfo known = instance(instanceId);
    return repository().executions(known.instanceId());
  }

  public JobExecutionInfo execution(long executionId) {
    return only(repository().execution(executionId), "execution", executionId);
  }

  /** In the order they started. */
  public List<StepExecutionInfo> steps(long executionId) {
    JobExecutionInfo known = execution(executionId);
    return repository().steps(known.executionId());
  }

  public StepExecutionInfo step(long stepExecutionId) {
    return only(repository().step(stepExecutionId), "step execution", stepExecutionId);
  }

  private HistoryRepository repository() {
    return engine.parts().history();
  }

  private static <T> T only(List<T> found, String what, long id) {
    if (found.isEmpty()) {
      throw new PartitaException(ErrorCode.NOT_FOUND, "There is no " + what + " " + id);
    }
    return found.get(0);
  }
}
