// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.AttemptHistory;
import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.BundleState;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.Round;
import dev.partita.scheduling.Scheduler;
import dev.partita.scheduling.SchedulerSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Places the partitions of a pod that is alone: it is the leader and the only node. Any thread;
 * starts and refusals run on the thread that made them possible.
 */
final class PodScheduler {
  private final Scheduler scheduler;
  private final InstantSource clock;
  private final Map<BundleId, Waiter> waiting = new HashMap<>();
  private final Map<BundleId, Placement> running = new HashMap<>();

  PodScheduler(NodeState pod, InstantSource clock) {
    this.clock = clock;
    this.scheduler = new Scheduler(SchedulerSettings.DEFAULT, clock.instant());
    this.scheduler.nodeJoined(pod, placement -> false);
  }

  /** A partition that waits. */
  interface Waiter {
    /** It has its place, to be given back with {@link #ended}. */
    void start();

    /**
     * It will never have one.
     *
     * @param reason one sentence, with its code
     */
    void refuse(String reason);
  }

  /** Partitions that hold a place. */
  synchronized int inUse() {
    return running.size();
  }

  /** Partitions that wait for one. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** All partitions of a demand at once. */
  void submit(Demand demand, List<? extends Waiter> members) {
    synchronized (this) {
      for (int i = 0; i < members.size(); i++) {
        waiting.put(new BundleId(demand.id(), i), members.get(i));
      }
      scheduler.submit(demand);
    }
    decide();
  }

  /** One partition of a demand whose others came before, or come later, or never. */
  void submit(Demand demand, int index, Waiter partition) {
    BundleId bundle = new BundleId(demand.id(), index);
    synchronized (this) {
      waiting.put(bundle, partition);
      if (!scheduler.arrived(bundle, AttemptHistory.NONE)) {
        List<BundleState> states =
            new ArrayList<>(
                Collections.nCopies(
                    demand.group().bundles().size(),
                    new BundleState(AttemptHistory.NONE, null, true)));
        states.set(index, BundleState.NEW);
        scheduler.resume(demand, states);
      }
    }
    decide();
  }

  /** Withdraws a partition; false if it has its place, or is not known. */
  boolean withdraw(BundleId bundle) {
    synchronized (this) {
      if (waiting.remove(bundle) == null) {
        return false;
      }
      scheduler.dropped(bundle);
    }
    decide();
    return true;
  }

  /** Gives a place back. */
  void ended(BundleId bundle) {
    synchronized (this) {
      Placement placement = running.remove(bundle);
      if (placement != null) {
        scheduler.ended(placement, AttemptEnd.COMPLETED, true);
      }
    }
    decide();
  }

  /** Why a demand waits; empty: it does not. */
  synchronized Optional<String> waitingReason(String demand) {
    return scheduler.waitingReason(demand);
  }

  private void decide() {
    List<Runnable> calls = new ArrayList<>();
    synchronized (this) {
      Round round = scheduler.schedule(clock.instant(), Integer.MAX_VALUE);
      for (Round.Assignment assignment : round.assignments()) {
        for (Placement placement : assignment.placements()) {
          running.put(placement.bundle(), placement);
          take(placement.bundle()).ifPresent(waiter -> calls.add(waiter::start));
        }
      }
      for (Round.Refusal refusal : round.refusals()) {
        String reason =
            refusal.infeasible()
                ? ErrorCode.PLACEMENT_INFEASIBLE + ": " + refusal.reason()
                : refusal.reason();
        take(refusal.bundle()).ifPresent(waiter -> calls.add(() -> waiter.refuse(reason)));
      }
    }
    calls.forEach(Runnable::run);
  }

  private Optional<Waiter> take(BundleId bundle) {
    return Optional.ofNullable(waiting.remove(bundle));
  }
}
