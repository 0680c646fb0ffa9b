// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.BundleId;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.runtime.BatchStatus;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jberet.job.model.Step;
import org.jberet.runtime.AbstractStepExecution;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.context.StepContextImpl;
import org.jberet.runtime.runner.BatchletRunner;
import org.jberet.runtime.runner.ChunkRunner;
import org.jberet.spi.PartitionWorker;
import org.jspecify.annotations.Nullable;

/** One partition on this pod: claims it, runs it, reports its end exactly once. */
final class PartitionRun implements PartitionWorker, PodScheduler.Waiter {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final PartitionPlacement pod;
  private final StepContextImpl context;
  private final PartitionExecutionImpl partition;
  private final BundleId bundle;
  private final @Nullable BlockingQueue<Boolean> ended;
  private final BlockingQueue<Serializable> results;
  private final AtomicBoolean reported = new AtomicBoolean();
  private volatile @Nullable PartitionClaim claim;

  PartitionRun(
      PartitionPlacement pod,
      StepContextImpl context,
      BundleId bundle,
      @Nullable BlockingQueue<Boolean> ended,
      BlockingQueue<Serializable> results) {
    this.pod = pod;
    this.context = context;
    this.partition = (PartitionExecutionImpl) context.getStepExecution();
    this.bundle = bundle;
    this.ended = ended;
    this.results = results;
  }

  BundleId bundle() {
    return bundle;
  }

  boolean stopRequested() {
    return context.getJobContext().getJobExecution().isStopRequested();
  }

  /** Runs on a partition thread; the place it was given is given back at the end. */
  @Override
  public void start() {
    try {
      pod.threads().execute(this::runAndRelease);
    } catch (RuntimeException e) {
      fail(e);
      pod.scheduler().ended(bundle);
    }
  }

  /** Ends as STOPPED without having run. */
  void endUnstarted() {
    context.setBatchStatus(BatchStatus.STOPPED);
    partitionDone(partition);
  }

  /** Ends as FAILED without having run: it can never be placed. */
  @Override
  public void refuse(String reason) {
    fail(new BatchRuntimeException(reason));
  }

  private void runAndRelease() {
    try {
      PartitionClaim mine =
          pod.leases()
              .claim(
                  partition.getStepExecutionId(),
                  partition.getPartitionId(),
                  pod.cluster().holder());
      claim = mine;
      pod.keeper().keep(mine);
      pod.events().partition(context.getJobContext().getJobExecution(), partition);
      mine.hold(this::runArtifacts);
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      PartitionClaim held = claim;
      if (held != null) {
        pod.keeper().drop(held);
      }
      pod.scheduler().ended(bundle);
    }
  }

  private void runArtifacts() {
    Step step = context.getStep();
    if (step.getChunk() != null) {
      new ChunkRunner(context, null, step.getChunk(), null, this).run();
    } else {
      new BatchletRunner(context, null, step.getBatchlet(), this).run();
    }
  }

  private void fail(Throwable reason) {
    LOG.log(Level.ERROR, "Partition " + partition.getPartitionId() + " failed", reason);
    context.setException(
        reason instanceof Exception failure ? failure : new BatchRuntimeException(reason));
    context.setBatchStatus(BatchStatus.FAILED);
    partitionDone(partition);
  }

  @Override
  public void reportData(Serializable data, AbstractStepExecution source) {
    results.add(data);
  }

  @Override
  public void partitionDone(AbstractStepExecution source) {
    if (!reported.compareAndSet(false, true)) {
      return;
    }
    try {
      if (pod.database().rollBackLeftover()) {
        LOG.log(Level.WARNING, "{0} left a transaction open", context.getStepName());
      }
      PartitionClaim held = claim;
      if (held != null) {
        pod.leases().record(held, partition.getStepMetrics(), true);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The end of a partition is not in its lease row", e);
    } finally {
      if (ended != null) {
        ended.add(Boolean.TRUE);
      }
      results.add(partition);
    }
  }
}
