// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jberet.runtime.JobStopNotificationListener;
import org.jberet.runtime.context.StepContextImpl;
import org.jberet.spi.PartitionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Places the partitions of one step. A gang (step property {@code partita.gang}) gets all its
 * places at once. Every partition reports its end exactly once, whatever happens: the step waits
 * for that without a time limit.
 */
final class PodPartitionHandler implements PartitionHandler, JobStopNotificationListener {
  /** Step property; {@code true} makes the partitions start together or not at all. */
  static final String GANG = "partita.gang";

  /** Step property; {@code STRICT_PACK} keeps all partitions on one pod. */
  static final String PLACEMENT = "partita.placement";

  private final PartitionPlacement pod;
  private final boolean gang;
  private final List<PartitionRun> gathered = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable BlockingQueue<Boolean> ended;
  private @Nullable BlockingQueue<Serializable> results;

  PodPartitionHandler(PartitionPlacement pod, StepContextImpl step) {
    this.pod = pod;
    this.gang = Boolean.parseBoolean(step.getProperties().getProperty(GANG));
  }

  /** Whether the partitions of the step need one pod: ranks of a gang share its memory. */
  static boolean staysTogether(StepContextImpl step) {
    return Boolean.parseBoolean(step.getProperties().getProperty(GANG))
        || "STRICT_PACK".equals(step.getProperties().getProperty(PLACEMENT));
  }

  private record Waiting(PartitionSlots.Request request, List<PartitionRun> runs) {}

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
    PartitionRun run = new PartitionRun(pod, partition, ended, target);
    if (pod.slots().total() == 0) {
      run.endUnplaced(
          "its partitions stay on this pod, but partita.jobs.partition-permits=0 leaves it none");
    } else if (!gang) {
      place(List.of(run));
    } else if (ended != null) {
      run.endUnplaced("a gang of " + count + " partitions has fewer threads");
    } else if (count > pod.slots().total()) {
      run.endUnplaced(
          "a gang of "
              + count
              + " partitions does not fit into partita.jobs.partition-permits="
              + pod.slots().total());
    } else {
      gathered.add(run);
      if (gathered.size() == count) {
        place(List.copyOf(gathered));
      }
    }
  }

  private void place(List<PartitionRun> runs) {
    if (runs.get(0).stopRequested()) {
      runs.forEach(PartitionRun::endUnstarted);
      return;
    }
    synchronized (waiting) {
      PartitionSlots.Request request =
          pod.slots().request(runs.size(), () -> runs.forEach(PartitionRun::start));
      waiting.add(new Waiting(request, runs));
    }
  }

  /** Partitions that still wait for a place end at once; running ones are told by JBeret. */
  @Override
  public void stopRequested(long jobExecutionId) {
    List<Waiting> all;
    synchronized (waiting) {
      all = List.copyOf(waiting);
      waiting.clear();
    }
    for (Waiting one : all) {
      if (pod.slots().withdraw(one.request)) {
        one.runs.forEach(PartitionRun::endUnstarted);
      }
    }
  }
}
