// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jberet.runtime.JobExecutionImpl;
import org.jspecify.annotations.Nullable;

/**
 * The executions accepted by this process that have not ended, running or waiting for their turn.
 */
final class RunningJobs {
  private final ConcurrentMap<Long, JobExecutionImpl> jobs = new ConcurrentHashMap<>();

  void add(JobExecutionImpl job) {
    jobs.put(job.getExecutionId(), job);
  }

  void remove(long executionId) {
    jobs.remove(executionId);
  }

  @Nullable JobExecutionImpl find(long executionId) {
    return jobs.get(executionId);
  }

  List<JobExecutionImpl> all() {
    return List.copyOf(jobs.values());
  }
}
