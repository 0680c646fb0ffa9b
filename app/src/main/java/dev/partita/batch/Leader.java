// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The pod's part in leading: takes the lead when nobody has it, decides rounds while it has it.
 * Whoever is deposed finds that its next transaction is refused. One thread.
 */
final class Leader {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");
  private static final int LOOKS_PER_LEASE = 5;

  private final Cluster cluster;
  private final LeaderRepository leaders;
  private final PlacementRepository rows;
  private final PartitaConfig config;
  private final WaitReasons.Listener listener;
  private final InstantSource clock;
  private final long pauseNanos;
  private volatile @Nullable Seat seat;
  private boolean looked;
  private long lookedNanos;

  /** The lead, and under which name it was taken. */
  private record Seat(long token, String holder, LeaderTerm term) {}

  Leader(
      Cluster cluster,
      LeaderRepository leaders,
      PlacementRepository rows,
      PartitaConfig config,
      WaitReasons.Listener listener,
      InstantSource clock) {
    this.cluster = cluster;
    this.leaders = leaders;
    this.rows = rows;
    this.config = config;
    this.listener = listener;
    this.clock = clock;
    this.pauseNanos = config.jobs().lease().toNanos() / LOOKS_PER_LEASE;
  }

  boolean leads() {
    return seat != null;
  }

  /** Partitions that waited at the end of the last round; 0 if another pod leads. */
  int waiting() {
    Seat now = seat;
    return now == null ? 0 : now.term.waiting();
  }

  /**
   * One round, if this pod leads or may.
   *
   * @param death a pod is gone, perhaps the leader's
   * @return whether pods were given something
   */
  boolean look(boolean death) {
    if (!cluster.accepting()) {
      resign();
      return false;
    }
    boolean due = !looked || System.nanoTime() - lookedNanos >= pauseNanos;
    if (due || death) {
      looked = true;
      lookedNanos = System.nanoTime();
      keep();
    }
    Seat now = seat;
    if (now == null) {
      return false;
    }
    try {
      return now.term.round(clock.instant());
    } catch (LeaderTerm.OutdatedException e) {
      LOG.log(Level.INFO, "The leader reads all anew: {0}", e.getMessage());
      seat = new Seat(now.token, now.holder, term(now.token));
      return true;
    } catch (PartitaException e) {
      if (e.code() == ErrorCode.FENCED) {
        LOG.log(Level.WARNING, "{0} leads no more: {1}", now.holder, e.getMessage());
        seat = null;
        return false;
      }
      seat = new Seat(now.token, now.holder, term(now.token));
      throw e;
    }
  }

  private void keep() {
    Seat now = seat;
    if (now != null && (!now.holder.equals(cluster.holder()) || !leaders.renew(now.token))) {
      seat = null;
      now = null;
    }
    if (now == null) {
      String holder = cluster.holder();
      OptionalLong token = leaders.lead(holder);
      if (token.isPresent()) {
        LOG.log(Level.INFO, "{0} leads, with token {1}", holder, Long.toString(token.getAsLong()));
        seat = new Seat(token.getAsLong(), holder, term(token.getAsLong()));
      }
    }
  }

  private LeaderTerm term(long token) {
    return new LeaderTerm(
        token,
        rows,
        config.scheduling(),
        config.jobs().quarantineAfter(),
        listener,
        clock.instant());
  }

  /** Gives the lead back, so that another pod takes it at once. */
  void resign() {
    Seat now = seat;
    seat = null;
    if (now != null) {
      leaders.resign(now.token);
      cluster.ring(Cluster.Bell.DEATH);
    }
  }
}
