// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.PartitaException;
import jakarta.batch.operations.JobExecutionAlreadyCompleteException;
import jakarta.batch.operations.JobExecutionNotMostRecentException;
import jakarta.batch.operations.JobExecutionNotRunningException;
import jakarta.batch.operations.JobRestartException;
import jakarta.batch.operations.JobStartException;
import jakarta.batch.runtime.BatchStatus;
import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.jberet.job.model.Job;
import org.jberet.operations.AbstractJobOperator;
import org.jberet.spi.BatchEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The operator that code in the application gets from {@code BatchRuntime}, or injected: what it
 * starts is accepted, recorded and taken over as any other job. It starts packaged jobs only.
 * Starts and restarts stand outside the caller's transaction.
 */
final class EngineJobOperator extends AbstractJobOperator {
  /** Application and submitter of jobs that code started. */
  private static final String APPLICATION = "partita";

  private final EngineParts parts;

  EngineJobOperator(EngineParts parts) {
    this.parts = parts;
  }

  @Override
  public BatchEnvironment getBatchEnvironment() {
    return parts.environment();
  }

  @Override
  public long start(String jobXmlName, @Nullable Properties parameters, @Nullable String user) {
    JobSubmission job =
        new JobSubmission(
            APPLICATION, jobXmlName, null, values(parameters), user == null ? APPLICATION : user);
    try {
      return apart(() -> new JobStarter(parts).submit(job)).executionId();
    } catch (PartitaException e) {
      throw new JobStartException(e.getMessage(), e);
    }
  }

  /** JBeret's own way to start a job that has no XML: no other pod could go on with it. */
  @Override
  public long start(Job job, @Nullable Properties parameters, @Nullable String user) {
    throw new JobStartException(
        "Job " + job.getId() + " has no job XML, which other pods need; package one");
  }

  @Override
  public void stop(long executionId) {
    getJobExecutionImpl(executionId);
    try {
      new JobStopper(parts).stop(executionId);
    } catch (PartitaException e) {
      throw new JobExecutionNotRunningException(e.getMessage(), e);
    }
  }

  @Override
  public long restart(long executionId, @Nullable Properties parameters, @Nullable String user) {
    if (getJobExecutionImpl(executionId).getBatchStatus() == BatchStatus.COMPLETED) {
      throw new JobExecutionAlreadyCompleteException("Execution " + executionId + " is COMPLETED");
    }
    try {
      Submission again =
          apart(() -> new JobStarter(parts).restart(executionId, values(parameters)));
      parts.records().forgetDeaths(again.instanceId());
      return again.executionId();
    } catch (PartitaException e) {
      long instance = getJobInstance(executionId).getInstanceId();
      if (parts.history().executions(instance).get(0).executionId() != executionId) {
        throw new JobExecutionNotMostRecentException(e.getMessage(), e);
      }
      throw new JobRestartException(e.getMessage(), e);
    }
  }

  private static Map<String, String> values(@Nullable Properties parameters) {
    Map<String, String> values = new LinkedHashMap<>();
    if (parameters != null) {
      for (String name : parameters.stringPropertyNames()) {
        values.put(name, parameters.getProperty(name));
      }
    }
    return values;
  }

  /** Whatever the caller's transaction comes to: what was accepted is committed. */
  private <T> T apart(Supplier<T> work) {
    TransactionManager transactions = parts.environment().transactions();
    try {
      Transaction callers = transactions.suspend();
      try {
        return work.get();
      } finally {
        if (callers != null) {
          transactions.resume(callers);
        }
      }
    } catch (SystemException | InvalidTransactionException e) {
      throw new JobStartException("The caller's transaction cannot be set aside: " + e, e);
    }
  }
}
