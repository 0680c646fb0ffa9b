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
  private final boolean suspect;
  private final AtomicBoolean reported = new AtomicBoolean();
  private volatile @Nullable StepContextImpl context;
  private volatile boolean stopWanted;
  private volatile boolean leaving;

  /**
   * @param suspect whether pods died under it, so many that one more is enough
   */
  PulledPartition(
      PostingPlace place, PartitionContexts contexts, PartitionClaim claim, boolean suspect) {
    this.place = place;
    this.contexts = contexts;
    this.claim = claim;
    this.suspect = suspect;
  }

  boolean suspect() {
    return suspect;
  }

  PartitionClaim claim() {
    return claim;
  }

  private PartitionKey key() {
    return new PartitionKey(claim.stepExecutionId(), claim.partition());
  }

  /** Runs it on the calling thread. */
  void run(StateEvents events) {
    claim.hold(
        () -> {
          try {
            PostedPartition posted = place.work().find(key()).orElseThrow();
            StepContextImpl made = contexts.of(posted);
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
   * @param handBack another pod shall go on from there; else it is stopped
   */
  void stop(boolean handBack) {
    leaving |= handBack;
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
    boolean handBack = leaving && source.getBatchStatus() != BatchStatus.COMPLETED;
    if (handBack) {
      source.setBatchStatus(BatchStatus.STARTED);
    }
    String reason = FailureReason.of(source);
    commit(
        () -> {
          place.repository().savePersistentData(made.getJobContext().getJobExecution(), source);
          place.leases().record(claim, source.getStepMetrics(), !handBack);
          if (handBack) {
            place.work().waiting(key());
          } else {
            place.work().ended(key(), reason == null ? "" : reason);
          }
        });
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
    leaving = true;
    commit(() -> place.work().waiting(key()));
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
        place.changed(leaving ? Cluster.Bell.WORK : Cluster.Bell.RESULT);
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
