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
import java.util.function.LongFunction;
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
  private static final int MOST_KEPT = 64;

  private final FencedJobRepository repository;
  private final JobRecordRepository records;
  private final JobDefinitions definitions;
  private final LibertyBatchEnvironment environment;

  /** Of the executions whose partitions began here last. */
  private final Map<Long, JobExecutionImpl> stored = recent();

  /** Of the instances whose partitions began here last. */
  private final Map<Long, Job> parsed = recent();

  PartitionContexts(EngineParts parts) {
    this.repository = parts.repository();
    this.records = parts.records();
    this.definitions = parts.definitions();
    this.environment = parts.environment();
  }

  private static <T> Map<Long, T> recent() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Long, T> eldest) {
        return size() > MOST_KEPT;
      }
    };
  }

  /** At the last commit of whoever had the partition before. */
  StepContextImpl of(WorkBatchRepository.Given given) {
    JobContextImpl job =
        new JobContextImpl(
            execution(given.posted()),
            null,
            new ArtifactFactoryWrapper(environment.getArtifactFactory()),
            repository,
            environment);
    PartitionExecutionImpl partition = given.execution();
    partition.setBatchStatus(BatchStatus.STARTED);
    return new StepContextImpl(step(given), partition, new AbstractContext[] {job});
  }

  private JobExecutionImpl execution(PostedPartition posted) {
    JobExecutionImpl known =
        known(
            stored, posted.executionId(), id -> (JobExecutionImpl) repository.getJobExecution(id));
    JobInstanceImpl instance =
        new JobInstanceImpl(
            definition(posted), known.getJobInstance().getApplicationName(), known.getJobName());
    instance.setId(posted.instanceId());
    Properties parameters = new Properties();
    if (known.getJobParameters() != null) {
      parameters.putAll(known.getJobParameters());
    }
    JobExecutionImpl execution = new JobExecutionImpl(instance, parameters);
    execution.setId(posted.executionId());
    execution.setBatchStatus(BatchStatus.STARTED);
    return execution;
  }

  /** JBeret changes only copies of it, so all partitions of an instance may share one. */
  private Job definition(PostedPartition posted) {
    return known(
        parsed,
        posted.instanceId(),
        id ->
            definitions.parse(
                records.jsl(id).orElseThrow(() -> gone(posted, "its job definition"))));
  }

  private static <T> T known(Map<Long, T> recent, long id, LongFunction<T> read) {
    T known;
    synchronized (recent) {
      known = recent.get(id);
    }
    if (known == null) {
      // Outside the lock: it may wait for a connection, which those that wait for the lock have.
      known = read.apply(id);
      synchronized (recent) {
        recent.put(id, known);
      }
    }
    return known;
  }

  private static Step step(WorkBatchRepository.Given given) {
    try {
      return (Step)
          PostingPlace.VALUES.bytesToObject(
              given.step().array(),
              Step.class,
              Objects.requireNonNull(Thread.currentThread().getContextClassLoader()));
    } catch (IOException | ClassNotFoundException e) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "The step of " + given.posted().key() + " cannot be read", e);
    }
  }

  private static PartitaException gone(PostedPartition posted, String what) {
    return new PartitaException(ErrorCode.NOT_FOUND, posted.key() + ": " + what + " is gone");
  }
}
