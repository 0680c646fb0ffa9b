// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.JobEvents;
import dev.partita.batch.StepCommits;
import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.Checkpoint;
import dev.partita.checkpoint.CheckpointStore;
import dev.partita.cluster.GangPeers;
import dev.partita.cluster.Membership;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Runs training loops. Every rank calls {@link #train} on its own thread; ranks of one gang id find
 * each other here, and pods by the addresses in the run. Stateless apart from the gangs that run.
 */
@ApplicationScoped
public class Trainer {
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);

  private final Map<String, TrainingSession> sessions = new ConcurrentHashMap<>();
  private CheckpointStore store;
  private Function<StepProgress, RunHistory> historyOf;
  private Function<TrainingRun, GangPeers> peersOf;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected Trainer() {}

  @Inject
  public Trainer(
      CheckpointStore store, JobEvents events, StepCommits commits, Membership membership) {
    this(
        store,
        progress -> new EventHistory(events, commits, progress),
        run ->
            membership.join(run.gangId(), run.pods().pod(), run.pods().addresses(), JOIN_TIMEOUT));
  }

  Trainer(
      CheckpointStore store,
      Function<StepProgress, RunHistory> historyOf,
      Function<TrainingRun, GangPeers> peersOf) {
    this.store = store;
    this.historyOf = historyOf;
    this.peersOf = peersOf;
  }

  /**
   * Runs one rank until the training is complete or stopped; blocks meanwhile.
   *
   * @throws PartitaException what the loop threw, or GANG_ABORTED when another rank failed or its
   *     pod is gone
   */
  public Outcome train(TrainingRun run, int rank, TrainingLoop loop, StepProgress progress) {
    // Ranks that completed before a kill are not run again, so nobody may wait for them.
    Optional<Checkpoint> last = store.last(run.checkpoints().runId());
    if (last.isPresent()) {
      return new Outcome(Outcome.End.ALREADY_COMPLETE, last.get().point().iteration());
    }
    TrainingSession session =
        sessions.compute(
            run.gangId(),
            (id, existing) -> {
              TrainingSession joined = existing == null ? open(run, progress) : existing;
              joined.join();
              return joined;
            });
    try (Stay stay = new Stay(run.gangId(), session)) {
      return stay.run(rank, loop, progress);
    } catch (PartitaException e) {
      throw e;
    } catch (Exception e) {
      throw new PartitaException(ErrorCode.INTERNAL, "rank " + rank + " failed: " + e, e);
    }
  }

  private TrainingSession open(TrainingRun run, StepProgress progress) {
    return new TrainingSession(
        run, store, historyOf.apply(progress), progress, () -> peersOf.apply(run));
  }

  /** Asks a gang to stop at the next iteration boundary, with a checkpoint. Returns at once. */
  public void stop(String gangId) {
    TrainingSession session = sessions.get(gangId);
    if (session != null) {
      session.requestStop();
    }
  }

  /** One rank's stay in a session; the last to leave closes it. */
  private final class Stay implements AutoCloseable {
    private final String gangId;
    private final TrainingSession session;

    Stay(String gangId, TrainingSession session) {
      this.gangId = gangId;
      this.session = session;
    }

    Outcome run(int rank, TrainingLoop loop, StepProgress progress) throws Exception {
      try {
        return session.run(rank, loop, progress);
      } catch (Exception | Error e) {
        session.abort(rank, e);
        throw e;
      }
    }

    @Override
    public void close() {
      boolean[] last = new boolean[1];
      sessions.computeIfPresent(
          gangId,
          (id, current) -> {
            last[0] = current.leave();
            return last[0] && current.allCame() ? null : current;
          });
      if (last[0]) {
        session.close();
      }
    }
  }
}
