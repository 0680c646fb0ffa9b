// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.runtime.BatchStatus;
import java.io.IOException;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.jberet.runtime.JobStopNotificationListener;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.context.StepContextImpl;
import org.jberet.spi.PartitionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Posts the partitions of one step as rows, for any pod to run, and waits for their results. Work
 * that a former execution of the step left with other pods is adopted, not posted again. Each
 * partition reports its end exactly once, whatever happens.
 */
final class PostingPartitionHandler implements PartitionHandler, JobStopNotificationListener {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final PostingPlace place;
  private final StepContextImpl step;
  private final @Nullable Map<Integer, PartitionRepository.Left> former;

  /** Partitions that have not reported, by the row that does their work. */
  private final Map<PartitionKey, StepContextImpl> open = new HashMap<>();

  private final String properties;
  private boolean asked;
  private @Nullable BlockingQueue<Boolean> ended;
  private @Nullable BlockingQueue<Serializable> results;

  PostingPartitionHandler(PostingPlace place, StepContextImpl step) {
    this.place = place;
    this.step = step;
    this.properties = StepDemand.lines(step.getProperties());
    Map<Integer, PartitionRepository.Left> left =
        step.getOriginalStepExecution() == null
            ? null
            : place.repository().carriedOver(step.getOriginalStepExecution().getStepExecutionId());
    // A gang that was not wholly posted never starts: it is posted anew.
    this.former = left != null && gang() && !allPosted(left) ? null : left;
    if (step.getOriginalStepExecution() != null && former == null) {
      place.work().cancel(step.getJobContext().getInstanceId(), step.getStepName());
    }
    place.repository().adopting(step.getStepExecutionId(), this::adopt);
  }

  private boolean gang() {
    return StepDemand.parse(properties).gangMin() > 0;
  }

  private boolean allPosted(Map<Integer, PartitionRepository.Left> left) {
    return left.values().stream()
        .filter(PartitionRepository.Left::open)
        .allMatch(open -> place.work().allPosted(open.execution().getStepExecutionId()));
  }

  private void adopt(int partition) {
    PartitionKey key = new PartitionKey(step.getStepExecutionId(), partition);
    PartitionKey source = source(key);
    if (!source.equals(key)) {
      place.work().adopt(posted(key), place.cluster().application(), source);
    }
  }

  private PostedPartition posted(PartitionKey key) {
    return new PostedPartition(
        key,
        step.getJobContext().getInstanceId(),
        step.getJobContext().getExecutionId(),
        step.getStepName());
  }

  @Override
  public void setResourceTracker(@Nullable BlockingQueue<Boolean> completedPartitionThreads) {
    ended = completedPartitionThreads;
  }

  @Override
  public void setCollectorDataQueue(BlockingQueue<Serializable> collectorDataQueue) {
    results = collectorDataQueue;
    place.results().watch(this);
  }

  @Override
  public void submitPartitionTask(StepContextImpl partition, int index, int count) {
    PartitionExecutionImpl execution = (PartitionExecutionImpl) partition.getStepExecution();
    PartitionKey key = new PartitionKey(execution.getStepExecutionId(), execution.getPartitionId());
    PartitionKey source = source(key);
    synchronized (open) {
      open.put(source, partition);
    }
    try {
      if (!source.equals(key)) {
        LOG.log(Level.DEBUG, "{0} goes on as {1}", source, key);
      } else if (partition.getJobContext().getJobExecution().isStopRequested()) {
        report(source, BatchStatus.STOPPED, null);
      } else if (ended != null && gang()) {
        report(
            source,
            BatchStatus.FAILED,
            "a gang of " + count + " partitions has fewer threads; it needs one for each");
      } else {
        ask(count);
        place
            .work()
            .post(
                posted(key),
                place.cluster().application(),
                PostingPlace.VALUES.objectToBytes(partition.getStep()));
        place.changed(Cluster.Bell.WORK);
      }
      if (partition.getJobContext().getJobExecution().isStopRequested()) {
        stopRequested(partition.getJobContext().getExecutionId());
      }
    } catch (RuntimeException | IOException e) {
      LOG.log(Level.ERROR, "Partition " + key.partition() + " cannot be posted", e);
      report(source, BatchStatus.FAILED, FailureReason.of(e));
      if (gang()) {
        place.work().wishStop(waitsFor());
      }
    }
  }

  /** Tells the leader what the step asks for, before its first partition. */
  private void ask(int count) {
    if (!asked) {
      place
          .work()
          .demand(
              new StepDemand(
                  step.getStepExecutionId(),
                  step.getJobContext().getInstanceId(),
                  step.getJobContext().getExecutionId(),
                  step.getStepName(),
                  count,
                  properties));
      asked = true;
    }
  }

  private PartitionKey source(PartitionKey key) {
    PartitionRepository.Left left = former == null ? null : former.get(key.partition());
    return left != null && left.open() && left.execution().getBatchStatus() != BatchStatus.COMPLETED
        ? new PartitionKey(left.execution().getStepExecutionId(), key.partition())
        : key;
  }

  /** The rows that this step waits for. */
  Set<PartitionKey> waitsFor() {
    synchronized (open) {
      return Set.copyOf(open.keySet());
    }
  }

  long stepExecutionId() {
    return step.getStepExecutionId();
  }

  boolean analyzes() {
    return step.getStep().getPartition().getCollector() != null;
  }

  /** What a collector said, perhaps on another pod. */
  void collected(Serializable data) {
    queue().add(data);
  }

  /** Takes the result of a partition from its rows; silent if it was taken. */
  void finish(PartitionKey source, String reason) {
    StepContextImpl partition;
    synchronized (open) {
      partition = open.get(source);
    }
    if (partition == null) {
      return;
    }
    PartitionExecutionImpl done =
        place
            .partitions()
            .find(source, step.getStepName())
            .orElseThrow(
                () -> new PartitaException(ErrorCode.INTERNAL, source + " has no execution"));
    PartitionExecutionImpl own = (PartitionExecutionImpl) partition.getStepExecution();
    own.setExitStatus(done.getExitStatus());
    own.setPersistentUserData(done.getPersistentUserData());
    own.setReaderCheckpointInfo(done.getReaderCheckpointInfo());
    own.setWriterCheckpointInfo(done.getWriterCheckpointInfo());
    place.leases().readMetrics(source, own.getStepMetrics());
    report(source, done.getBatchStatus(), reason.isEmpty() ? null : reason);
  }

  private void report(PartitionKey source, BatchStatus status, @Nullable String reason) {
    StepContextImpl partition;
    synchronized (open) {
      partition = open.remove(source);
    }
    if (partition == null) {
      return;
    }
    if (reason != null) {
      partition.setException(new BatchRuntimeException(reason));
    }
    partition.setBatchStatus(status);
    if (ended != null) {
      ended.add(Boolean.TRUE);
    }
    queue().add(partition.getStepExecution());
  }

  private BlockingQueue<Serializable> queue() {
    BlockingQueue<Serializable> target = results;
    if (target == null) {
      throw new IllegalStateException("JBeret set no result queue");
    }
    return target;
  }

  /** Asks the partitions to stop; when this pod goes, they go on and only the step ends here. */
  @Override
  public void stopRequested(long jobExecutionId) {
    Set<PartitionKey> all = waitsFor();
    if (place.owned(jobExecutionId)) {
      place.work().wishStop(all);
      place.changed(Cluster.Bell.STOP);
    } else {
      for (PartitionKey key : all) {
        leave(key);
      }
    }
  }

  private void leave(PartitionKey source) {
    StepContextImpl partition;
    synchronized (open) {
      partition = open.get(source);
    }
    if (partition != null) {
      place.repository().handOver(new PartitionKey(step.getStepExecutionId(), source.partition()));
      report(source, BatchStatus.STOPPED, null);
    }
  }

  @Override
  public void close(StepContextImpl stepContext) {
    place.results().forget(this);
    place.repository().adopting(step.getStepExecutionId(), null);
    waitsFor().forEach(key -> report(key, BatchStatus.STOPPED, null));
  }
}
