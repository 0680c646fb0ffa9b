// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.Checkpoint;
import dev.partita.checkpoint.CheckpointFile;
import dev.partita.checkpoint.CheckpointListener;
import dev.partita.checkpoint.CheckpointPoint;
import dev.partita.checkpoint.CheckpointRun;
import dev.partita.checkpoint.CheckpointStore;
import dev.partita.checkpoint.CheckpointWriter;
import dev.partita.cluster.GangPeers;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.NativeArray;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the ranks of one gang share on a pod: the barriers, the tensors, the checkpoints, and the
 * decision, taken by one rank while the others wait, whether the next iteration is run. Pods agree
 * on it in {@link PodAgreement}; the checkpoints are taken by the pod of rank 0.
 */
final class TrainingSession implements CheckpointListener {
  private static final Duration GANG_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration COMMIT_TIMEOUT = Duration.ofMinutes(5);
  private static final PodExchange NOTHING = new NoExchange();

  /** What all ranks do next. */
  enum Decision {
    GO,
    STOP,
    END
  }

  private final TrainingRun run;
  private final CheckpointStore store;
  private final RunHistory history;
  private final StepProgress progress;
  private final Gang gang;
  private final PodAgreement pods;
  private final SharedObjects shared = new SharedObjects();
  private final KeptState kept = new KeptState();
  private final Map<String, String> remembered = new HashMap<>();
  private final Curves curves;
  private int joined;
  private int active;
  private volatile boolean stopRequested;
  private long furthest;

  // Written by the last rank at a barrier, read by all after it.
  private boolean started;
  private long total;
  private long done;
  private Decision decision = Decision.GO;
  private long lastBegun;
  private Map<String, String> cursor = Map.of();
  private @Nullable CheckpointRun opened;
  private @Nullable CheckpointWriter writer;

  /**
   * @param peers joins the other pods of the gang; may block
   */
  TrainingSession(
      TrainingRun run,
      CheckpointStore store,
      RunHistory history,
      StepProgress progress,
      Supplier<GangPeers> peers) {
    this.run = run;
    this.store = store;
    this.history = history;
    this.progress = progress;
    this.gang = new Gang(run.pods().ranksHere().size(), GANG_TIMEOUT);
    this.pods = new PodAgreement(peers, GANG_TIMEOUT);
    this.curves = new Curves(progress);
  }

  /** Called under the trainer's lock on this gang id, as is {@link #leave}. */
  void join() {
    joined++;
    active++;
  }

  /** True when no rank is inside any more: then {@link #close} is due. */
  boolean leave() {
    active--;
    return active == 0;
  }

  /** False while ranks are still to come, which must find here that the gang has ended. */
  boolean allCame() {
    return joined >= run.pods().ranksHere().size();
  }

  Outcome run(int rank, TrainingLoop loop, StepProgress ofRank) throws Exception {
    if (ofRank.stopRequested()) {
      requestStop();
    }
    synchronized (this) {
      furthest = Math.max(furthest, ofRank.furthest());
    }
    if (run.pods().pods() > 1 && !loop.spansPods()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "the ranks of this training loop share memory, so they run on one pod: take"
              + " partita.placement=SPREAD away, or let the loop say spansPods()");
    }
    RankContext context = new RankContext(this, run, rank, ofRank);
    try {
      pods.join();
      loop.train(context);
      context.finish();
    } catch (PartitaException e) {
      if (stopRequested && !started) {
        return new Outcome(Outcome.End.STOPPED, 0);
      }
      throw e;
    }
    return new Outcome(
        decision == Decision.STOP ? Outcome.End.STOPPED : Outcome.End.COMPLETED, done);
  }

  void requestStop() {
    stopRequested = true;
    if (!started && run.pods().pods() == 1) {
      gang.abort(
          new PartitaException(ErrorCode.GANG_ABORTED, "stopped before the first iteration"));
    }
  }

  void abort(int rank, Throwable cause) {
    boolean first =
        !(cause instanceof PartitaException known && known.code() == ErrorCode.GANG_ABORTED);
    String reason = (first ? "rank " + rank + " failed: " : "") + cause.getMessage();
    gang.abort(new PartitaException(ErrorCode.GANG_ABORTED, reason, cause));
    pods.abort(reason);
  }

  /** All ranks meet before the first iteration; returns its number. */
  long begin(long iterations) {
    gang.await(() -> beginOnAllPods(iterations));
    return done;
  }

  /** All ranks meet at an iteration boundary and learn what to do next. */
  Decision boundary(long iterationsDone, boolean loopEnded) {
    gang.await(() -> decide(iterationsDone, loopEnded));
    Decision next = decision;
    if (next != Decision.GO) {
      if (writer != null) {
        writer.awaitCommitted(COMMIT_TIMEOUT);
      }
      // Nobody is through before the last checkpoint is committed: who ends is not started again.
      gang.await(() -> pods.await(COMMIT_TIMEOUT));
    }
    return next;
  }

  void barrier() {
    exchange(NOTHING);
  }

  void exchange(PodExchange exchange) {
    gang.await(() -> pods.exchange(exchange, stopRequested));
  }

  void allReduce(NativeArray values) {
    gang.await(() -> pods.allReduce(values, run.pods()));
  }

  private void beginOnAllPods(long iterations) {
    if (pods.stopAgreed(stopRequested)) {
      stopRequested = true;
      throw new PartitaException(ErrorCode.GANG_ABORTED, "stopped before the first iteration");
    }
    total = iterations;
    List<CheckpointFile> files = kept.files();
    if (pods.first()) {
      restore(files);
    }
    long restored = pods.told(done, COMMIT_TIMEOUT);
    if (!pods.first() && restored > 0) {
      restoreTheSame(files, restored);
    }
    pods.requireEqual(files);
    lastBegun = done;
    curves.startAt(done);
    started = true;
  }

  private void restoreTheSame(List<CheckpointFile> files, long iteration) {
    Checkpoint checkpoint =
        store.list(run.checkpoints().runId()).stream()
            .filter(one -> one.point().iteration() == iteration)
            .findFirst()
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.GANG_ABORTED, "checkpoint " + iteration + " is gone meanwhile"));
    store.load(checkpoint, files);
    adopt(checkpoint);
  }

  private void adopt(Checkpoint checkpoint) {
    done = checkpoint.point().iteration();
    cursor = checkpoint.point().cursor();
    remembered.putAll(cursor);
  }

  private void restore(List<CheckpointFile> files) {
    for (Checkpoint checkpoint : store.list(run.checkpoints().runId())) {
      try {
        store.load(checkpoint, files);
        adopt(checkpoint);
        break;
      } catch (PartitaException e) {
        if (e.code() != ErrorCode.CHECKPOINT_CORRUPT) {
          throw e;
        }
        progress.log(e.getMessage() + "; the one before it is used");
        store.drop(checkpoint);
      }
    }
    CheckpointRun mine = store.open(run.checkpoints());
    opened = mine;
    tellWhatRunsAgain();
    writer = new CheckpointWriter(store, mine, files, this);
  }

  private void tellWhatRunsAgain() {
    long reached;
    synchronized (this) {
      reached = furthest > 0 ? furthest : history.lastSeenIteration();
    }
    if (reached > 0 || done > 0) {
      history.recovery(reached, done);
      progress.log(
          "resumed at iteration %d of %d, %d iterations run again"
              .formatted(done, total, Math.max(0, reached - done)));
    }
  }

  private void decide(long iterationsDone, boolean loopEnded) {
    done = iterationsDone;
    boolean complete = loopEnded || done >= total;
    boolean stop = pods.stopAgreed(stopRequested);
    decision = complete ? Decision.END : stop ? Decision.STOP : Decision.GO;
    CheckpointWriter checkpoints = writer;
    if (checkpoints == null) {
      return;
    }
    if (decision == Decision.END) {
      checkpoints.supersede(point(true));
    } else if (decision == Decision.STOP) {
      if (lastBegun != done) {
        checkpoints.supersede(point(false));
      }
    } else if (done / run.checkpointEvery() > lastBegun / run.checkpointEvery()
        && checkpoints.idle()) {
      // Not idle: the disk is slower than the training. It is tried again at every boundary.
      checkpoints.begin(point(false));
      lastBegun = done;
    }
  }

  private CheckpointPoint point(boolean last) {
    return new CheckpointPoint(done, last, remembered, curves.newest());
  }

  @Override
  public void written(Checkpoint checkpoint, Duration stall, Duration write) {
    history.checkpoint(checkpoint, stall, write);
  }

  @Override
  public void failed(long iteration, RuntimeException cause) {
    progress.log("checkpoint of iteration " + iteration + " failed: " + cause.getMessage());
  }

  /** Gives everything back; a checkpoint still being written is dropped. */
  void close() {
    started = false;
    try {
      if (writer != null) {
        writer.close();
      }
      if (opened != null) {
        store.close(opened);
      }
    } finally {
      pods.close();
      shared.close();
    }
  }

  SharedObjects shared() {
    return shared;
  }

  KeptState kept() {
    return kept;
  }

  Curves curves() {
    return curves;
  }

  Map<String, String> cursor() {
    return cursor;
  }

  Map<String, String> remembered() {
    return remembered;
  }

  long total() {
    return total;
  }
}
