// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.StepProgress;
import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.NativeArray;
import java.nio.FloatBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;

/** The context of one rank; only {@link TrainingSession} is seen by several. */
final class RankContext implements TrainingContext {
  private static final long NOT_BEGUN = -1;

  private final TrainingSession session;
  private final TrainingRun run;
  private final int rank;
  private final StepProgress progress;

  /** The iteration that runs, or the one before the first. */
  private long current = NOT_BEGUN;

  private boolean begun;
  private TrainingSession.Decision decision = TrainingSession.Decision.GO;

  RankContext(TrainingSession session, TrainingRun run, int rank, StepProgress progress) {
    this.session = session;
    this.run = run;
    this.rank = rank;
    this.progress = progress;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int ranks() {
    return run.ranks();
  }

  @Override
  public List<Integer> ranksHere() {
    return run.pods().ranksHere();
  }

  @Override
  public long instanceId() {
    return progress.instanceId();
  }

  @Override
  public Parameters parameters() {
    return run.parameters();
  }

  @Override
  public <T extends AutoCloseable> T shared(Class<T> type, Callable<? extends T> make)
      throws Exception {
    return session.shared().get(type, make);
  }

  @Override
  public FloatBuffer floats(String name, long... shape) {
    return session.kept().floats(name, shape);
  }

  @Override
  public void keep(String name, Map<String, String> metadata, List<NamedRegion> regions) {
    session.kept().keep(name, metadata, regions);
  }

  @Override
  public Iterable<Long> iterations(long total) {
    if (begun) {
      throw new IllegalStateException("iterations() is called once");
    }
    begun = true;
    current = session.begin(total) - 1;
    progress.progress(current + 1, total, "iterations");
    return Iterations::new;
  }

  @Override
  public void barrier() {
    session.barrier();
  }

  @Override
  public void exchange(PodExchange exchange) {
    session.exchange(exchange);
  }

  @Override
  public void allReduce(NativeArray values) {
    session.allReduce(values);
  }

  @Override
  public void report(String curve, double value) {
    if (rank == 0) {
      session.curves().report(curve, value);
    }
  }

  @Override
  public void processed(String unit, long count) {
    if (rank == 0) {
      session.curves().processed(unit, count);
    }
  }

  @Override
  public void remember(String key, String value) {
    if (rank == 0) {
      session.remembered().put(key, value);
    }
  }

  @Override
  public Map<String, String> cursor() {
    return session.cursor();
  }

  /** After the loop returned: a loop that broke off by itself is complete where it broke off. */
  void finish() {
    if (begun && decision == TrainingSession.Decision.GO) {
      boundary(true);
    }
  }

  private void boundary(boolean loopEnded) {
    long done = current + 1;
    if (rank == 0) {
      session.curves().boundary(done, session.total(), loopEnded || done >= session.total());
    }
    decision = session.boundary(done, loopEnded);
    progress.progress(done, session.total(), "iterations");
  }

  /** Its {@code hasNext} is the iteration boundary, reached once per iteration. */
  private final class Iterations implements Iterator<Long> {
    private boolean met;

    @Override
    public boolean hasNext() {
      if (!met && decision == TrainingSession.Decision.GO) {
        boundary(false);
        met = true;
      }
      return decision == TrainingSession.Decision.GO;
    }

    @Override
    public Long next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      met = false;
      return ++current;
    }
  }
}
