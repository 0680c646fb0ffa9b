// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.FaultPoint;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.JobExecution;
import jakarta.batch.runtime.JobInstance;
import jakarta.batch.runtime.StepExecution;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jberet.job.model.Job;
import org.jberet.repository.ApplicationAndJobName;
import org.jberet.repository.JobExecutionSelector;
import org.jberet.repository.JobRepository;
import org.jberet.runtime.AbstractStepExecution;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.JobInstanceImpl;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.StepExecutionImpl;
import org.jspecify.annotations.Nullable;

/**
 * JBeret's own repository, with what it lacks put in front: every call is one transaction or joins
 * the caller's; an execution that was ended by a successor begins no step and no partition any
 * more; writes of a partition carry its metrics to the lease row in the same commit; changes of
 * state become events; a step that died with its process is told from one that failed.
 */
final class FencedJobRepository implements JobRepository {
  /** Exit status of what was left running by a process that is gone. */
  static final String OWNER_DIED = "OWNER_DIED";

  private static final System.Logger LOG = System.getLogger("dev.partita.batch");
  private static final int MAX_EXIT_STATUS = 4_096;

  private final JobRepository delegate;
  private final Database database;
  private final LeaseRepository leases;
  private final StateEvents events;
  private final ProgressMarks marks;
  private final Cluster cluster;
  private final PartitionRepository partitions;
  private final Set<PartitionKey> handedOver = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<Long, Map<Integer, PartitionRepository.Left>> carriedOver =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<Long, Adoptions> adoptions = new ConcurrentHashMap<>();
  private final ConcurrentMap<Long, JobExecutionImpl> jobOfStep = new ConcurrentHashMap<>();
  private final Set<Long> adrift = ConcurrentHashMap.newKeySet();
  private volatile boolean leaveForNextStart;

  FencedJobRepository(
      JobRepository delegate,
      Database database,
      LeaseRepository leases,
      StateEvents events,
      ProgressMarks marks,
      Cluster cluster) {
    this.delegate = delegate;
    this.database = database;
    this.leases = leases;
    this.events = events;
    this.marks = marks;
    this.cluster = cluster;
    this.partitions = new PartitionRepository(database);
  }

  /**
   * From now on, jobs that stop or fail stay as they are in the database: the next start goes on.
   */
  void leaveForNextStart() {
    leaveForNextStart = true;
  }

  boolean leaving() {
    return leaveForNextStart;
  }

  /** Nothing runs the execution here any more. */
  void forget(long executionId) {
    adrift.remove(executionId);
  }

  /**
   * Whether the execution lost the database here: what it knows may be wrong, so nothing of it is
   * stored any more, and a successor goes on from what is. On the threads of a job's owner; a
   * partition that any pod may run looks after itself.
   */
  private boolean isAdrift(JobExecutionImpl job, @Nullable Exception failure) {
    if (cluster.shared() && failure != null && DatabaseLoss.causes(failure)) {
      adrift.add(job.getExecutionId());
    }
    return adrift.contains(job.getExecutionId());
  }

  private void run(JobExecutionImpl job, Runnable work) {
    try {
      run(work);
    } catch (RuntimeException e) {
      if (PartitionClaim.ofThisThread() == null) {
        isAdrift(job, e);
      }
      throw e;
    }
  }

  /** Work that partitions of a step take over, in the transaction that makes their rows. */
  @FunctionalInterface
  interface Adoptions {
    void adopt(int partition);
  }

  /** From now on partitions of the step adopt; null ends that. */
  void adopting(long stepExecutionId, @Nullable Adoptions adopts) {
    if (adopts == null) {
      adoptions.remove(stepExecutionId);
    } else {
      adoptions.put(stepExecutionId, adopts);
    }
  }

  /** Another pod goes on with the partition: this process writes nothing of it any more. */
  void handOver(PartitionKey partition) {
    handedOver.add(partition);
  }

  /**
   * What a step that goes on took over from its former execution; null if it begins anew. Asked for
   * once.
   */
  @Nullable Map<Integer, PartitionRepository.Left> carriedOver(long formerStepExecutionId) {
    return carriedOver.remove(formerStepExecutionId);
  }

  @Override
  public JobInstanceImpl createJobInstance(Job job, String application, ClassLoader loader) {
    return database.within(() -> delegate.createJobInstance(job, application, loader));
  }

  @Override
  public JobExecutionImpl createJobExecution(JobInstanceImpl instance, Properties parameters) {
    return database.within(() -> delegate.createJobExecution(instance, parameters));
  }

  @Override
  public void updateJobExecution(JobExecutionImpl job, boolean full, boolean saveParameters) {
    job.setExitStatus(cut(job.getExitStatus()));
    BatchStatus status = job.getBatchStatus();
    if (leaveForNextStart && (status == BatchStatus.STOPPED || status == BatchStatus.FAILED)) {
      return;
    }
    if (adrift.contains(job.getExecutionId())) {
      LOG.log(
          Level.WARNING, "Execution {0} lost the database", Long.toString(job.getExecutionId()));
      return;
    }
    String reason = FailureReason.of(job);
    boolean mine =
        database.within(
            () -> {
              // An ended one may still be given up.
              if (status != BatchStatus.ABANDONED && !running(job)) {
                return false;
              }
              delegate.updateJobExecution(job, full, saveParameters);
              if (reason != null) {
                JobRecordRepository.recordReason(database, job.getExecutionId(), reason);
              }
              return true;
            });
    if (!mine) {
      LOG.log(Level.WARNING, "Execution {0} was taken over", Long.toString(job.getExecutionId()));
      return;
    }
    if (status == BatchStatus.COMPLETED) {
      marks.delete(job.getJobInstance().getInstanceId());
    }
    events.job(job);
  }

  @Override
  public void addStepExecution(JobExecutionImpl job, StepExecutionImpl step) {
    run(
        job,
        () -> {
          requireRunning(job);
          delegate.addStepExecution(job, step);
        });
    jobOfStep.put(step.getStepExecutionId(), job);
    events.step(job, step);
  }

  @Override
  public void updateStepExecution(StepExecution step) {
    ((StepExecutionImpl) step).setExitStatus(cut(step.getExitStatus()));
    JobExecutionImpl job = jobOfStep.remove(step.getStepExecutionId());
    if (leaves(step) || (job != null && isAdrift(job, ((StepExecutionImpl) step).getException()))) {
      return;
    }
    boolean mine =
        database.within(
            () -> {
              if (job != null && !running(job)) {
                return false;
              }
              delegate.updateStepExecution(step);
              return true;
            });
    if (job != null && mine) {
      events.step(job, step);
    }
  }

  @Override
  public void addPartitionExecution(StepExecutionImpl step, PartitionExecutionImpl partition) {
    JobExecutionImpl job = Objects.requireNonNull(jobOfStep.get(step.getStepExecutionId()));
    run(
        job,
        () -> {
          requireRunning(job);
          delegate.addPartitionExecution(step, partition);
          // With the position it goes on at: until its first commit, it stands only here.
          delegate.savePersistentData(job, partition);
          leases.add(partition.getStepExecutionId(), partition.getPartitionId());
          Adoptions adopts = adoptions.get(partition.getStepExecutionId());
          if (adopts != null) {
            adopts.adopt(partition.getPartitionId());
          }
        });
  }

  @Override
  public void savePersistentData(JobExecution job, AbstractStepExecution stepOrPartition) {
    stepOrPartition.setExitStatus(cut(stepOrPartition.getExitStatus()));
    if (PartitionClaim.ofThisThread() == null
        && stepOrPartition instanceof PartitionExecutionImpl partition
        && handedOver.remove(
            new PartitionKey(partition.getStepExecutionId(), partition.getPartitionId()))) {
      return;
    }
    if (PartitionClaim.ofThisThread() == null
        && isAdrift((JobExecutionImpl) job, stepOrPartition.getException())) {
      return;
    }
    run(
        (JobExecutionImpl) job,
        () -> {
          requireMine((JobExecutionImpl) job);
          if (leaves(stepOrPartition)) {
            // What it has is kept, but not that it stopped: nobody asked it to.
            stepOrPartition.setBatchStatus(BatchStatus.STARTED);
            delegate.savePersistentData(job, stepOrPartition);
            stepOrPartition.setBatchStatus(BatchStatus.STOPPED);
          } else {
            delegate.savePersistentData(job, stepOrPartition);
          }
          recordMetrics(stepOrPartition);
        });
    if (stepOrPartition instanceof PartitionExecutionImpl partition
        && PartitionClaim.ofThisThread() == null) {
      events.partition((JobExecutionImpl) job, partition);
    }
  }

  @Override
  public int savePersistentDataIfNotStopping(
      JobExecution job, AbstractStepExecution stepOrPartition) {
    stepOrPartition.setExitStatus(cut(stepOrPartition.getExitStatus()));
    int saved =
        database.within(
            () -> {
              requireMine((JobExecutionImpl) job);
              recordMetrics(stepOrPartition);
              return delegate.savePersistentDataIfNotStopping(job, stepOrPartition);
            });
    FaultPoint.reach("chunk-commit");
    return saved;
  }

  private void recordMetrics(AbstractStepExecution stepOrPartition) {
    PartitionClaim claim = PartitionClaim.ofThisThread();
    if (claim != null && stepOrPartition instanceof PartitionExecutionImpl) {
      leases.record(claim, stepOrPartition.getStepMetrics(), false);
    }
  }

  @Override
  public @Nullable StepExecutionImpl findOriginalStepExecutionForRestart(
      String step, JobExecutionImpl former, ClassLoader loader) {
    // Without the steps that this process may remember: others wrote to them since.
    JobExecutionImpl asStored =
        new JobExecutionImpl(
            former.getJobInstance(),
            former.getExecutionId(),
            former.getJobParameters(),
            former.getCreateTime(),
            null,
            null,
            null,
            former.getBatchStatus().name(),
            former.getExitStatus(),
            null);
    StepExecutionImpl found =
        database.within(() -> delegate.findOriginalStepExecutionForRestart(step, asStored, loader));
    if (found != null && OWNER_DIED.equals(found.getExitStatus())) {
      // JBeret then also runs the partitions that had no row yet when the process died.
      found.setBatchStatus(BatchStatus.STARTED);
    }
    return found;
  }

  @Override
  public List<PartitionExecutionImpl> getPartitionExecutions(
      long stepExecutionId, StepExecutionImpl step, boolean notCompletedOnly, ClassLoader loader) {
    Map<Integer, PartitionRepository.Left> left =
        partitions.left(stepExecutionId, step.getStepName());
    carriedOver.put(stepExecutionId, left);
    return left.values().stream()
        .map(PartitionRepository.Left::execution)
        .filter(p -> !notCompletedOnly || p.getBatchStatus() != BatchStatus.COMPLETED)
        .toList();
  }

  /** A start that its process did not survive is not counted. */
  @Override
  public int countStepStartTimes(String step, long instanceId) {
    return database.call(
        connection -> {
          try (PreparedStatement count =
              connection.prepareStatement(
                  "SELECT COUNT(*) FROM STEP_EXECUTION S JOIN JOB_EXECUTION E"
                      + " ON E.JOBEXECUTIONID = S.JOBEXECUTIONID WHERE S.STEPNAME = ?"
                      + " AND E.JOBINSTANCEID = ? AND COALESCE(S.EXITSTATUS, '') <> ?")) {
            count.setString(1, step);
            count.setLong(2, instanceId);
            count.setString(3, OWNER_DIED);
            try (ResultSet row = count.executeQuery()) {
              row.next();
              return row.getInt(1);
            }
          }
        });
  }

  @Override
  public void stopJobExecution(JobExecutionImpl job) {
    run(() -> delegate.stopJobExecution(job));
  }

  @Override
  public JobExecution getJobExecution(long executionId) {
    return database.within(() -> delegate.getJobExecution(executionId));
  }

  @Override
  public List<JobExecution> getJobExecutions(JobInstance instance) {
    return database.within(() -> delegate.getJobExecutions(instance));
  }

  @Override
  public JobInstance getJobInstance(long instanceId) {
    return database.within(() -> delegate.getJobInstance(instanceId));
  }

  @Override
  public List<JobInstance> getJobInstances(String job) {
    return database.within(() -> delegate.getJobInstances(job));
  }

  @Override
  public int getJobInstanceCount(String job) {
    return database.within(() -> delegate.getJobInstanceCount(job));
  }

  @Override
  public List<Long> getJobExecutionsByJob(String job) {
    return database.within(() -> delegate.getJobExecutionsByJob(job));
  }

  @Override
  public List<Long> getJobExecutionsByJob(String job, Integer limit) {
    return database.within(() -> delegate.getJobExecutionsByJob(job, limit));
  }

  @Override
  public List<Long> getRunningExecutions(String job) {
    return database.within(() -> delegate.getRunningExecutions(job));
  }

  @Override
  public List<StepExecution> getStepExecutions(long executionId, ClassLoader loader) {
    return database.within(() -> delegate.getStepExecutions(executionId, loader));
  }

  @Override
  public StepExecutionImpl createStepExecution(String step) {
    return delegate.createStepExecution(step);
  }

  @Override
  public void addJob(ApplicationAndJobName name, Job job) {
    delegate.addJob(name, job);
  }

  @Override
  public void removeJob(String job) {
    delegate.removeJob(job);
  }

  @Override
  public Job getJob(ApplicationAndJobName name) {
    return delegate.getJob(name);
  }

  @Override
  public Set<String> getJobNames() {
    Set<String> names = new TreeSet<>(delegate.getJobNames());
    names.addAll(
        database.call(
            connection -> {
              try (PreparedStatement select =
                      connection.prepareStatement("SELECT DISTINCT JOBNAME FROM JOB_INSTANCE");
                  ResultSet row = select.executeQuery()) {
                Set<String> known = new TreeSet<>();
                while (row.next()) {
                  known.add(row.getString(1));
                }
                return known;
              }
            }));
    return names;
  }

  @Override
  public boolean jobExists(String job) {
    // JBeret remembers the jobs of this process only.
    return delegate.jobExists(job) || getJobInstanceCount(job) > 0;
  }

  @Override
  public void removeJobInstance(long instanceId) {
    delegate.removeJobInstance(instanceId);
  }

  @Override
  public void removeJobExecutions(JobExecutionSelector selector) {
    delegate.removeJobExecutions(selector);
  }

  /** A step that ends only because this process does: it is no end. */
  private boolean leaves(StepExecution step) {
    return leaveForNextStart
        && step instanceof StepExecutionImpl
        && step.getBatchStatus() == BatchStatus.STOPPED;
  }

  private boolean running(JobExecutionImpl job) {
    return JobRecordRepository.lockRunning(
        database, job.getExecutionId(), cluster.shared() ? cluster.holder() : "");
  }

  private void requireRunning(JobExecutionImpl job) {
    if (!running(job)) {
      throw new PartitaException(
          ErrorCode.FENCED,
          "Execution " + job.getExecutionId() + " was ended; it begins and commits nothing more");
    }
  }

  /** A partition's own thread is fenced by its lease; partitions do not wait for each other. */
  private void requireMine(JobExecutionImpl job) {
    if (PartitionClaim.ofThisThread() == null) {
      requireRunning(job);
    }
  }

  private void run(Runnable work) {
    database.within(
        () -> {
          work.run();
          return Boolean.TRUE;
        });
  }

  private static @Nullable String cut(@Nullable String exitStatus) {
    return exitStatus == null || exitStatus.length() <= MAX_EXIT_STATUS
        ? exitStatus
        : exitStatus.substring(0, MAX_EXIT_STATUS);
  }
}
