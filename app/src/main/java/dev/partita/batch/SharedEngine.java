// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.config.PodClock;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jberet.runtime.JobExecutionImpl;

/**
 * What an engine does that shares its database with other pods: decides what runs where while it
 * leads, runs the partitions it is given, brings results to its own steps, and takes over the jobs
 * of pods that are gone. Three loops look at the database after a bell, and once a poll without
 * one.
 */
final class SharedEngine {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  /** Rounds that take no longer follow each other at once. */
  private static final Duration SHORT = Duration.ofMillis(20);

  private static final int ROUNDS_IN_A_ROW = 16;
  private static final Duration LONGEST_REST = Duration.ofMillis(500);

  private final EngineParts parts;
  private final Recovery recovery;
  private final WorkPuller puller;
  private final Leader leader;
  private final PostingPlace place;
  private final Duration poll;
  private final PodBell work = new PodBell();
  private final PodBell owners = new PodBell();
  private final PodBell lead = new PodBell();
  private volatile boolean death;
  private volatile boolean closing;

  SharedEngine(EngineParts parts, PartitaConfig config) {
    this.parts = parts;
    this.recovery = new Recovery(parts, config.jobs());
    this.poll = config.cluster().poll();
    Database database = parts.database();
    PartitionPlacement pod = parts.environment().partitions();
    WorkRepository rows = new WorkRepository(database);
    PartitionRepository partitions = new PartitionRepository(database);
    this.place =
        new PostingPlace(
            pod.cluster(),
            database,
            parts.repository(),
            rows,
            pod.leases(),
            partitions,
            new ResultWatch(rows),
            this::wake);
    this.puller = new WorkPuller(place, pod, new PartitionContexts(parts, partitions, rows));
    LeaderRepository leaders = new LeaderRepository(database, config.jobs().lease());
    this.leader =
        new Leader(
            pod.cluster(),
            leaders,
            new PlacementRepository(database, leaders, rows, config.jobs().lease()),
            config,
            parts.events()::waits,
            PodClock.source());
    pod.post(place);
    pod.cluster().listen(this::wake, this::lost);
  }

  /** Partitions that run here. */
  int running() {
    return puller.count();
  }

  /** Partitions that wait, as far as this pod leads; else 0. */
  int waiting() {
    return leader.waiting();
  }

  private void wake(Cluster.Bell bell) {
    work.ring();
    death |= bell == Cluster.Bell.DEATH;
    lead.ring();
    if (bell == Cluster.Bell.STOP || bell == Cluster.Bell.DEATH) {
      owners.ring();
    }
  }

  /** Partitions: results of our steps, what we run, what we could run. */
  void workForever() {
    while (!closing) {
      await(work);
      attempt("Partitions wait", place.results()::look);
      attempt("Partitions wait", puller::look);
    }
  }

  /** Placement, while this pod leads. */
  void leadForever() {
    while (!closing) {
      await(lead);
      attempt("Partitions wait", this::lead);
    }
    attemptResign();
  }

  private void lead() {
    boolean first = death;
    death = false;
    long began = System.nanoTime();
    for (int i = 0; i < ROUNDS_IN_A_ROW && !closing && leader.look(first); i++) {
      first = false;
      work.ring();
      parts.cluster().ring(Cluster.Bell.WORK);
      if (i == ROUNDS_IN_A_ROW - 1) {
        lead.ring();
      }
    }
    // So that a long queue, which takes long to read, is not read all the time.
    rest(Duration.ofNanos(System.nanoTime() - began));
  }

  /** Jobs: those that somebody wants to stop, those whose pod is gone. */
  void ownForever() {
    while (!closing) {
      await(owners);
      attempt("Stops wait", this::stop);
      if (parts.cluster().accepting()) {
        attempt("Jobs of pods that are gone wait", recovery::run);
        attempt("Jobs that lost the database wait", recovery::runUnrun);
      }
    }
  }

  private void stop() {
    for (long executionId : parts.records().stopping()) {
      JobExecutionImpl job = parts.running().find(executionId);
      if (job != null && !job.isStopRequested()) {
        parts.threads().control().execute(job::stop);
        parts.threads().control().execute(() -> parts.admission().runIfWaiting(executionId));
      }
    }
  }

  /** Others have what this pod had: what still runs here can commit nothing, so it may end. */
  private void lost() {
    LOG.log(Level.WARNING, "The lease was lost; stale work is stopped");
    List<JobExecutionImpl> stale = parts.running().all();
    stale.forEach(job -> parts.threads().control().execute(job::stop));
    puller.handBack();
    work.ring();
    owners.ring();
  }

  /**
   * Hands everything to other pods: partitions at their next checkpoint, then the jobs.
   *
   * @return false if some partition did not end in time
   */
  boolean drain(Duration timeout) throws InterruptedException {
    parts.cluster().drain();
    lead.ring();
    puller.handBack();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (puller.count() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return puller.count() == 0;
  }

  void close() {
    closing = true;
    work.ring();
    owners.ring();
    lead.ring();
  }

  private void attemptResign() {
    try {
      leader.resign();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The lead ends with its lease: {0}", e.getMessage());
    }
  }

  private void rest(Duration time) {
    if (time.compareTo(SHORT) > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(time.toNanos(), LONGEST_REST.toNanos()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        closing = true;
      }
    }
  }

  private void await(PodBell bell) {
    try {
      bell.await(poll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  private void attempt(String otherwise, Runnable look) {
    if (closing) {
      return;
    }
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0}: {1}", otherwise, e.getMessage());
    }
  }
}
