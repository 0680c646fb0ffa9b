// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.Share;
import dev.partita.scheduling.StepProperties;
import dev.partita.scheduling.Where;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.jberet.runtime.JobStopNotificationListener;
import org.jberet.runtime.context.StepContextImpl;
import org.jberet.spi.PartitionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Places the partitions of one step on a pod that is alone. A gang (step property {@code
 * partita.gang}) gets all its places at once. Every partition reports its end exactly once,
 * whatever happens: the step waits for that without a time limit.
 */
final class PodPartitionHandler implements PartitionHandler, JobStopNotificationListener {
  private final PartitionPlacement pod;
  private final StepContextImpl step;
  private final StepProperties asks;
  private final List<PartitionRun> gathered = new ArrayList<>();
  private final Map<BundleId, PartitionRun> waiting = new LinkedHashMap<>();
  private int submitted;
  private boolean said;
  private @Nullable BlockingQueue<Boolean> ended;
  private @Nullable BlockingQueue<Serializable> results;

  PodPartitionHandler(PartitionPlacement pod, StepContextImpl step) {
    this.pod = pod;
    this.step = step;
    this.asks = StepDemand.parse(StepDemand.lines(step.getProperties()));
  }

  @Override
  public void setResourceTracker(@Nullable BlockingQueue<Boolean> completedPartitionThreads) {
    ended = completedPartitionThreads;
  }

  @Override
  public void setCollectorDataQueue(BlockingQueue<Serializable> collectorDataQueue) {
    results = collectorDataQueue;
  }

  @Override
  public void submitPartitionTask(StepContextImpl partition, int index, int count) {
    BlockingQueue<Serializable> target = results;
    if (target == null) {
      throw new IllegalStateException("JBeret set no result queue");
    }
    BundleId bundle = new BundleId(Long.toString(step.getStepExecutionId()), submitted++);
    PartitionRun run = new PartitionRun(pod, partition, bundle, ended, target);
    if (asks.gangMin() > 0 && ended != null) {
      run.refuse("a gang of " + count + " partitions has fewer threads; it needs one for each");
    } else if (asks.gangMin() == 0) {
      place(List.of(run), count);
    } else {
      gathered.add(run);
      if (gathered.size() == count) {
        place(List.copyOf(gathered), count);
      }
    }
  }

  private void place(List<PartitionRun> runs, int count) {
    if (runs.get(0).stopRequested()) {
      runs.forEach(PartitionRun::endUnstarted);
      return;
    }
    synchronized (waiting) {
      runs.forEach(run -> waiting.put(run.bundle(), run));
    }
    Demand demand = demand(count);
    if (asks.gangMin() > 0) {
      pod.scheduler().submit(demand, runs);
    } else {
      pod.scheduler().submit(demand, runs.get(0).bundle().index(), runs.get(0));
    }
    sayWhy(demand);
    if (runs.get(0).stopRequested()) {
      stopRequested(step.getJobContext().getExecutionId());
    }
  }

  /** Once, when something of the step has to wait. */
  private void sayWhy(Demand demand) {
    if (said) {
      return;
    }
    pod.scheduler()
        .waitingReason(demand.id())
        .ifPresent(
            reason -> {
              said = true;
              pod.events()
                  .waits(
                      new StepDemand(
                          step.getStepExecutionId(),
                          step.getJobContext().getInstanceId(),
                          step.getJobContext().getExecutionId(),
                          step.getStepName(),
                          demand.group().bundles().size(),
                          ""),
                      reason);
            });
  }

  /**
   * A pod that is alone starts a gang of all: those that are left out would have no other place.
   */
  private Demand demand(int count) {
    String tenant =
        JobRecordRepository.submitter(pod.database(), step.getJobContext().getInstanceId());
    return new Demand(
        Long.toString(step.getStepExecutionId()),
        PlacedStep.group(
            new StepProperties(
                asks.resources(),
                asks.pools(),
                asks.placement(),
                asks.gangMin() > 0 ? Integer.MAX_VALUE : 0,
                asks.retry(),
                asks.priority()),
            count),
        new Where(asks.pools(), Map.of(), ""),
        new Share(tenant, pod.config().weightOf(tenant), asks.priority()),
        asks.retry());
  }

  /** Partitions that still wait for a place end at once; running ones are told by JBeret. */
  @Override
  public void stopRequested(long jobExecutionId) {
    List<PartitionRun> all;
    synchronized (waiting) {
      all = List.copyOf(waiting.values());
      waiting.clear();
    }
    all.stream()
        .filter(run -> pod.scheduler().withdraw(run.bundle()))
        .forEach(PartitionRun::endUnstarted);
  }
}
