// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.AttemptEnd;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.runtime.BatchStatus;
import java.io.IOException;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jberet.job.model.Step;
import org.jberet.runtime.AbstractStepExecution;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.context.StepContextImpl;
import org.jberet.runtime.runner.BatchletRunner;
import org.jberet.runtime.runner.ChunkRunner;
import org.jberet.spi.PartitionWorker;
import org.jspecify.annotations.Nullable;

/**
 * A posted partition that this pod claimed. Its end is one transaction under the claim: how it
 * ended, or that another pod shall go on.
 */
final class PulledPartition implements PartitionWorker {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final PostingPlace place;
  private final PartitionContexts contexts;
  private final PartitionClaim claim;
  private final AtomicBoolean reported = new AtomicBoolean();
  private volatile @Nullable StepContextImpl context;
  private volatile boolean stopWanted;
  private volatile @Nullable AttemptEnd leaving;

  PulledPartition(PostingPlace place, PartitionContexts contexts, PartitionClaim claim) {
    this.place = place;
    this.contexts = contexts;
    this.claim = claim;
  }

  PartitionClaim claim() {
    return claim;
  }

  /** Whether its gang shall not start again here before this has ended. */
  boolean holdsUp(PartitionClaim other) {
    return claim.stepExecutionId() == other.stepExecutionId()
        && (claim.partition() == other.partition() || leaving == AttemptEnd.GANG_ABORTED);
  }

  private PartitionKey key() {
    return new PartitionKey(claim.stepExecutionId(), claim.partition());
  }

  /** Runs it on the calling thread. */
  void run(StateEvents events) {
    StepContextImpl made;
    try {
      // Not as the holder yet: what only reads need not lock the lease, nor be flushed to disk.
      made = place.database().within(() -> contexts.of(place.work().find(key()).orElseThrow()));
    } catch (RuntimeException | Error e) {
      claim.hold(() -> fail(e));
      return;
    }
    claim.hold(
        () -> {
          try {
            context = made;
            if (stopWanted) {
              made.getJobContext().getJobExecution().stop();
            }
            events.partition(
                made.getJobContext().getJobExecution(),
                (PartitionExecutionImpl) made.getStepExecution());
            runArtifacts(made);
          } catch (RuntimeException | Error e) {
            fail(e);
          }
        });
  }

  private void runArtifacts(StepContextImpl made) {
    Step step = made.getStep();
    if (step.getChunk() != null) {
      new ChunkRunner(made, null, step.getChunk(), null, this).run();
    } else {
      new BatchletRunner(made, null, step.getBatchlet(), this).run();
    }
  }

  /**
   * Lets it end at its next boundary.
   *
   * @param why COMPLETED: somebody wants it to end; else it shall go on from there later
   */
  void stop(AttemptEnd why) {
    if (stopWanted) {
      return;
    }
    leaving = why == AttemptEnd.COMPLETED ? null : why;
    stopWanted = true;
    StepContextImpl made = context;
    if (made != null) {
      made.getJobContext().getJobExecution().stop();
    }
  }

  private void fail(Throwable reason) {
    LOG.log(Level.ERROR, "Partition " + claim.partition() + " failed", reason);
    StepContextImpl made = context;
    if (made != null) {
      made.setException(
          reason instanceof Exception failure ? failure : new BatchRuntimeException(reason));
      made.setBatchStatus(BatchStatus.FAILED);
      partitionDone(made.getStepExecution());
    } else if (reported.compareAndSet(false, true)) {
      if (databaseLost(reason)) {
        goOnAtTheLastCommit();
        return;
      }
      commit(() -> place.work().endUnrun(key(), BatchStatus.FAILED, FailureReason.of(reason)));
    }
  }

  @Override
  public void reportData(Serializable data, AbstractStepExecution source) {
    if (data == null) {
      return;
    }
    try {
      place.work().addData(key(), PostingPlace.VALUES.objectToBytes(data));
      place.changed(Cluster.Bell.RESULT);
    } catch (IOException e) {
      throw new BatchRuntimeException("What the collector said cannot be sent: " + e, e);
    }
  }

  @Override
  public void partitionDone(AbstractStepExecution source) {
    if (!reported.compareAndSet(false, true)) {
      return;
    }
    if (place.database().rollBackLeftover()) {
      LOG.log(Level.WARNING, "{0} left a transaction open", source.getStepName());
    }
    StepContextImpl made = Objects.requireNonNull(context);
    if (source.getBatchStatus() == BatchStatus.FAILED && databaseLost(made.getException())) {
      goOnAtTheLastCommit();
      return;
    }
    commit(() -> end(made, source));
  }

  private void end(StepContextImpl made, AbstractStepExecution source) {
    BatchStatus status = source.getBatchStatus();
    AttemptEnd why = leaving;
    if (status == BatchStatus.FAILED) {
      why = gangAborted(source) ? AttemptEnd.PREEMPTED : AttemptEnd.FAILED;
    }
    String exhausted = null;
    if (why != null && status != BatchStatus.COMPLETED) {
      WorkRepository.Tried tried = place.work().tried(key());
      exhausted = tried.retry().exhausted(tried.history().after(why, true)).orElse(null);
      if (exhausted == null && !(tried.stop() && status == BatchStatus.FAILED)) {
        goesOnLater(made, source, why);
        return;
      }
    }
    if (exhausted != null && status != BatchStatus.FAILED) {
      source.setBatchStatus(BatchStatus.FAILED);
      source.setExitStatus(BatchStatus.FAILED.name());
      made.setException(new BatchRuntimeException(exhausted));
    }
    String reason = FailureReason.of(source);
    place.repository().savePersistentData(made.getJobContext().getJobExecution(), source);
    place.leases().record(claim, source.getStepMetrics(), true);
    place.work().ended(key(), reason == null ? "" : reason);
  }

  private void goesOnLater(StepContextImpl made, AbstractStepExecution source, AttemptEnd why) {
    LOG.log(Level.INFO, "{0} goes on later: {1}", claim, why);
    if (source.getBatchStatus() != BatchStatus.FAILED) {
      // Of what failed, only what it committed counts.
      BatchStatus status = source.getBatchStatus();
      source.setBatchStatus(BatchStatus.STARTED);
      place.repository().savePersistentData(made.getJobContext().getJobExecution(), source);
      source.setBatchStatus(status);
    }
    place.leases().record(claim, source.getStepMetrics(), false);
    place.work().waiting(key(), why);
  }

  /** It failed because another member of its gang did. */
  private static boolean gangAborted(AbstractStepExecution source) {
    return FailureReason.hasCode(source, ErrorCode.GANG_ABORTED);
  }

  private static boolean databaseLost(@Nullable Throwable reason) {
    return reason != null && DatabaseLoss.causes(reason);
  }

  /**
   * Lets any pod go on, this one too. Nothing of what is known here is stored: the commit during
   * which the database went may have come through or not.
   */
  private void goOnAtTheLastCommit() {
    LOG.log(Level.WARNING, "{0} lost the database; it goes on at its last commit", claim);
    commit(() -> place.work().waiting(key(), AttemptEnd.NOT_STARTED));
  }

  /**
   * Under the claim, again and again while the database is away; refused if the partition was taken
   * over meanwhile, and then nobody waits for it.
   */
  private void commit(Runnable end) {
    while (true) {
      try {
        place
            .database()
            .within(
                () -> {
                  end.run();
                  return true;
                });
        place.changed(Cluster.Bell.RESULT);
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "The end of {0} is not stored: {1}", claim, e.getMessage());
        if (takenOver() || !pause()) {
          return;
        }
      }
    }
  }

  private boolean takenOver() {
    try {
      place.leases().check(claim);
      return false;
    } catch (PartitaException e) {
      return e.code() == ErrorCode.FENCED;
    }
  }

  private static boolean pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
