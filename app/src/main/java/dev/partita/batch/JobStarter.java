// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.runtime.BatchStatus;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Properties;
import org.jberet.creation.ArtifactFactoryWrapper;
import org.jberet.job.model.Job;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.JobInstanceImpl;
import org.jberet.runtime.context.JobContextImpl;
import org.jberet.runtime.runner.JobExecutionRunner;
import org.jspecify.annotations.Nullable;

/**
 * Starts executions. All rows of an accepted job are committed in one transaction before anything
 * runs and before the caller is told.
 */
final class JobStarter {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final EngineParts parts;

  JobStarter(EngineParts parts) {
    this.parts = parts;
  }

  /** Its rows are made; once they are committed it can be started. */
  record Prepared(JobExecutionImpl execution, JobExecutionRunner runner) {}

  Submission submit(JobSubmission submission) {
    String name = plainName(submission.jobXmlName());
    String jsl = definition(name, submission.jsl());
    Job job = parts.definitions().parse(jsl);
    Properties parameters = JobParameters.checked(submission.parameters(), parts.validator());
    return start(
        parts
            .database()
            .within(
                () -> {
                  JobInstanceImpl instance =
                      parts
                          .repository()
                          .createJobInstance(
                              job,
                              submission.applicationName(),
                              parts.environment().getClassLoader());
                  parts
                      .records()
                      .addInstance(instance.getInstanceId(), submission.submitter(), name, jsl);
                  return prepare(instance, parameters, null);
                }));
  }

  /** A new execution of the same instance; it runs the definition the instance came with. */
  Submission restart(long executionId, Map<String, String> changed) {
    return restart(executionId, changed, true);
  }

  /** As above; {@code reuse} says whether it also gets the parameters of the former one. */
  Submission restart(long executionId, Map<String, String> changed, boolean reuse) {
    Properties changes = JobParameters.checked(changed, parts.validator());
    return start(
        parts
            .database()
            .within(
                () -> {
                  JobExecutionImpl former = newest(executionId);
                  requireEnded(former);
                  return prepareAgain(former, changes, reuse);
                }));
  }

  /** The successor of an execution that the calling transaction ends. */
  Prepared takeOver(long executionId) {
    return prepareAgain(newest(executionId), new Properties(), true);
  }

  private Prepared prepareAgain(JobExecutionImpl former, Properties changes, boolean reuse) {
    JobInstanceImpl instance = former.getJobInstance();
    String jsl =
        parts
            .records()
            .jsl(instance.getInstanceId())
            .orElseThrow(() -> conflict(former.getExecutionId(), "has no stored definition"));
    instance.setUnsubstitutedJob(parts.definitions().parse(jsl));
    Properties parameters = new Properties();
    if (reuse && former.getJobParameters() != null) {
      parameters.putAll(former.getJobParameters());
    }
    parameters.remove(Job.JOB_XML_NAME);
    parameters.putAll(changes);
    return prepare(instance, parameters, former);
  }

  private JobExecutionImpl newest(long executionId) {
    JobExecutionImpl former = (JobExecutionImpl) parts.repository().getJobExecution(executionId);
    if (former == null) {
      throw new PartitaException(ErrorCode.NOT_FOUND, "There is no execution " + executionId);
    }
    long newest = parts.records().lockAndReadLastExecution(former.getJobInstance().getInstanceId());
    if (newest != executionId) {
      throw conflict(executionId, "is not the newest of its instance; that is " + newest);
    }
    return former;
  }

  private static void requireEnded(JobExecutionImpl former) {
    long executionId = former.getExecutionId();
    BatchStatus status = former.getBatchStatus();
    if (status != BatchStatus.FAILED && status != BatchStatus.STOPPED) {
      throw conflict(executionId, "is " + status + "; only FAILED and STOPPED can be restarted");
    }
    if (Job.UNRESTARTABLE.equals(former.getRestartPosition())) {
      throw conflict(executionId, "belongs to a job with restartable=\"false\"");
    }
  }

  private Prepared prepare(
      JobInstanceImpl instance, Properties parameters, @Nullable JobExecutionImpl former) {
    LibertyBatchEnvironment environment = parts.environment();
    JobExecutionImpl execution = parts.repository().createJobExecution(instance, parameters);
    parts
        .records()
        .addExecution(
            execution.getExecutionId(),
            instance.getInstanceId(),
            former == null ? 0 : former.getExecutionId());
    JobContextImpl context;
    try {
      context =
          new JobContextImpl(
              execution,
              former,
              new ArtifactFactoryWrapper(environment.getArtifactFactory()),
              parts.repository(),
              environment);
    } catch (RuntimeException e) {
      throw new PartitaException(
          ErrorCode.INVALID_JOB, "The job definition cannot be run: " + e.getMessage(), e);
    }
    return new Prepared(execution, new JobExecutionRunner(context));
  }

  /** Runs it when its turn comes; to be called after the commit of its rows. */
  Submission start(Prepared job) {
    JobExecutionImpl execution = job.execution;
    parts.running().add(execution);
    parts.events().job(execution);
    parts.admission().admit(execution.getExecutionId(), () -> run(job));
    return new Submission(execution.getJobInstance().getInstanceId(), execution.getExecutionId());
  }

  private void run(Prepared job) {
    long executionId = job.execution.getExecutionId();
    try {
      job.runner.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "Execution " + executionId + " ended without saying so", e);
      if (parts.cluster().shared() && DatabaseLoss.causes(e)) {
        return;
      }
      job.execution.setBatchStatus(BatchStatus.FAILED);
      parts.records().markFailed(executionId, "INTERNAL: " + JslValidator.shown(e.toString()));
      parts.events().job(job.execution);
    } finally {
      parts.repository().forget(executionId);
      // From here on it has a successor if it has no end: see Recovery.
      parts.running().remove(executionId);
    }
  }

  private String definition(String name, @Nullable String jsl) {
    if (jsl == null && name.isEmpty()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "Neither jobXMLName nor a job definition is given");
    }
    if (jsl != null && !name.isEmpty()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "Both jobXMLName and a job definition are given");
    }
    return jsl == null ? parts.definitions().packaged(name) : parts.validator().validate(jsl);
  }

  private static String plainName(@Nullable String name) {
    if (name == null) {
      return "";
    }
    return name.endsWith(".xml") ? name.substring(0, name.length() - 4) : name;
  }

  private static PartitaException conflict(long executionId, String why) {
    return new PartitaException(ErrorCode.CONFLICT, "Execution " + executionId + " " + why);
  }
}
