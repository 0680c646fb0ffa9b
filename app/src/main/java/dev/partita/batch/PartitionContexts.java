// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.runtime.BatchStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jberet.creation.ArtifactFactoryWrapper;
import org.jberet.job.model.Job;
import org.jberet.job.model.Step;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.JobInstanceImpl;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.context.AbstractContext;
import org.jberet.runtime.context.JobContextImpl;
import org.jberet.runtime.context.StepContextImpl;

/** Makes, on any pod, the context that JBeret runs a posted partition in. */
final class PartitionContexts {
  private static final int MOST_PARSED = 64;

  private final FencedJobRepository repository;
  private final JobRecordRepository records;
  private final JobDefinitions definitions;
  private final LibertyBatchEnvironment environment;
  private final PartitionRepository partitions;
  private final LeaseRepository leases;
  private final WorkRepository work;

  /** Of the instances whose partitions began here last. */
  private final Map<Long, Job> parsed =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Job> eldest) {
          return size() > MOST_PARSED;
        }
      };

  PartitionContexts(EngineParts parts, PartitionRepository partitions, WorkRepository work) {
    this.work = work;
    this.repository = parts.repository();
    this.records = parts.records();
    this.definitions = parts.definitions();
    this.environment = parts.environment();
    this.partitions = partitions;
    this.leases = parts.environment().partitions().leases();
  }

  /**
   * At the last commit of whoever had the partition before. To be called after the claim: nobody
   * else can move it then.
   */
  StepContextImpl of(PostedPartition posted) {
    JobContextImpl job =
        new JobContextImpl(
            execution(posted),
            null,
            new ArtifactFactoryWrapper(environment.getArtifactFactory()),
            repository,
            environment);
    PartitionExecutionImpl partition =
        partitions
            .find(posted.key(), posted.stepName())
            .orElseThrow(() -> gone(posted, "its execution"));
    partition.setBatchStatus(BatchStatus.STARTED);
    leases.readMetrics(posted.key(), partition.getStepMetrics());
    return new StepContextImpl(step(posted), partition, new AbstractContext[] {job});
  }

  private JobExecutionImpl execution(PostedPartition posted) {
    JobExecutionImpl stored = (JobExecutionImpl) repository.getJobExecution(posted.executionId());
    JobInstanceImpl instance =
        new JobInstanceImpl(
            definition(posted), stored.getJobInstance().getApplicationName(), stored.getJobName());
    instance.setId(posted.instanceId());
    Properties parameters = new Properties();
    if (stored.getJobParameters() != null) {
      parameters.putAll(stored.getJobParameters());
    }
    JobExecutionImpl execution = new JobExecutionImpl(instance, parameters);
    execution.setId(posted.executionId());
    execution.setBatchStatus(BatchStatus.STARTED);
    return execution;
  }

  /** JBeret changes only copies of it, so all partitions of an instance may share one. */
  private Job definition(PostedPartition posted) {
    Job known;
    synchronized (parsed) {
      known = parsed.get(posted.instanceId());
    }
    if (known == null) {
      // Outside the lock: it may wait for a connection, which those that wait for the lock have.
      known =
          definitions.parse(
              records
                  .jsl(posted.instanceId())
                  .orElseThrow(() -> gone(posted, "its job definition")));
      synchronized (parsed) {
        parsed.put(posted.instanceId(), known);
      }
    }
    return known;
  }

  private Step step(PostedPartition posted) {
    try {
      return (Step)
          PostingPlace.VALUES.bytesToObject(
              work.step(posted.key()),
              Step.class,
              Objects.requireNonNull(Thread.currentThread().getContextClassLoader()));
    } catch (IOException | ClassNotFoundException e) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "The step of " + posted.key() + " cannot be read", e);
    }
  }

  private static PartitaException gone(PostedPartition posted, String what) {
    return new PartitaException(ErrorCode.NOT_FOUND, posted.key() + ": " + what + " is gone");
  }
}
