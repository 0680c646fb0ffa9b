// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the leader decides with: told which nodes there are, what is to run and what ended, it says
 * in {@link #schedule} what starts where. It starts nothing and writes nothing; its caller commits
 * each assignment and reports what became of it. A new leader fills a new one from the rows, with
 * {@link #resume}.
 *
 * <ul>
 *   <li>A bundle has at most one placement at a time, and each has a higher attempt than the one
 *       before.
 *   <li>No node is given out beyond what it has; parts of a GPU are parts of one device.
 *   <li>Tenants get shares by weight ({@link Share}); within a tenant higher priority goes first,
 *       and demands of one priority take turns.
 *   <li>A gang starts as a whole or not at all, so two gangs never hold half each. What does not
 *       fit may be overtaken by what does for {@link SchedulerSettings#patience()}; then nodes are
 *       kept for it, so it starts when what runs there has ended.
 *   <li>Nothing that runs is stopped for another's sake: there is no preemption by priority.
 *   <li>What no known node could ever run is refused with the reason.
 * </ul>
 *
 * Not thread-safe: one thread, the leader's.
 */
public final class Scheduler {
  private final NodeTable nodes;
  private final FairShare shares;
  private final Reservations reservations;
  private final WaitingEntries waiting;
  private final Placer placer;
  private final Map<String, Work> works = new LinkedHashMap<>();
  private final List<Placement> aborts = new ArrayList<>();
  private final List<Round.Refusal> refusals = new ArrayList<>();
  private Instant now;
  private long round;

  /**
   * Knows no node and no work.
   *
   * @param now the leader's clock
   */
  public Scheduler(SchedulerSettings settings, Instant now) {
    this.now = now;
    this.nodes = new NodeTable(settings.memory());
    this.shares = new FairShare(nodes, settings.lookAhead());
    this.reservations = new Reservations(nodes, settings);
    this.waiting = new WaitingEntries(nodes, shares, reservations);
    this.placer = new Placer(nodes, shares, reservations, waiting);
  }

  // ---- nodes

  /**
   * Enters a node, or a later incarnation of it, with which the former's work is lost; of the same
   * incarnation only draining may change.
   *
   * @param committed whether a placement that is lost committed anything
   */
  public void nodeJoined(NodeState node, Predicate<Placement> committed) {
    NodeLedger known = nodes.find(node.id());
    if (known == null) {
      nodes.add(node);
    } else if (known.node().incarnation() < node.incarnation()) {
      nodeLost(node.id(), known.node().incarnation(), committed);
      nodes.add(node);
    } else if (known.node().incarnation() == node.incarnation()
        && node.draining()
        && !known.node().draining()) {
      nodes.drain(known);
    }
  }

  /**
   * The node is dead or left; nothing happens if that incarnation is not known. What was assigned
   * to it and not committed by then never began: call {@link #rejected} for it first.
   */
  public void nodeLost(NodeId id, long incarnation, Predicate<Placement> committed) {
    NodeLedger node = nodes.find(id, incarnation);
    if (node == null) {
      return;
    }
    for (Placement lost : List.copyOf(node.placements().values())) {
      ended(lost, AttemptEnd.NODE_LOST, committed.test(lost));
    }
    nodes.remove(node, now);
  }

  /** A node that was there before this leader was, and may come back: see {@link #resume}. */
  public void nodeRemembered(NodeState node) {
    if (nodes.find(node.id()) == null) {
      nodes.remember(node, now);
    }
  }

  // ---- work

  /**
   * Enters a demand of which nothing has run.
   *
   * @throws PartitaException CONFLICT if a demand with this id has not ended
   */
  public void submit(Demand demand) {
    resume(demand, Collections.nCopies(demand.group().bundles().size(), BundleState.NEW));
  }

  /**
   * Enters a demand as far as it is, after the nodes; what runs on a node that is not known is
   * lost. One that was withdrawn, or refused while members of its gang ran, is to be withdrawn
   * again.
   */
  public void resume(Demand demand, List<BundleState> states) {
    if (works.containsKey(demand.id())) {
      throw new PartitaException(
          ErrorCode.CONFLICT, "Demand " + demand.id() + " was submitted already");
    }
    Work work = new Work(demand, states);
    works.put(demand.id(), work);
    List<Placement> lost = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      Placement placement = states.get(i).running();
      if (placement != null && !states.get(i).ended()) {
        NodeLedger node = nodes.find(placement.node(), placement.incarnation());
        if (node == null) {
          lost.add(placement);
        } else {
          node.takeAgain(work.resources(i), placement.gpus());
        }
        placer.run(work, placement, node);
      }
    }
    wait(work);
    if (work.isGang() && !work.closed() && broken(work)) {
      work.stopping(true);
      aborts.addAll(work.running());
    }
    lost.forEach(placement -> ended(placement, AttemptEnd.NODE_LOST, false));
    closeIfDone(work);
  }

  /** Queues what waits, but for what a former leader had no time to refuse. */
  private void wait(Work work) {
    List<Integer> usedUp = new ArrayList<>(work.idle());
    usedUp.removeIf(i -> work.demand().retry().exhausted(work.history(i)).isEmpty());
    if (!work.isGang()) {
      usedUp.forEach(i -> again(work, i));
      waiting.enqueue(work, work.idle());
    } else if (!usedUp.isEmpty()) {
      again(work, usedUp.get(0));
    } else if (work.running().isEmpty()) {
      waiting.enqueue(work, work.idle());
    }
  }

  /** Whether a member that waits took part in the attempt that others still run. */
  private static boolean broken(Work work) {
    return work.running().stream()
        .anyMatch(
            running ->
                work.idle().stream().anyMatch(i -> work.history(i).attempt() >= running.attempt()));
  }

  /**
   * A bundle that was entered as ended, because it was not there yet, waits now; not for a gang.
   *
   * @return false, and nothing happens, if the demand has ended or was withdrawn, or the bundle is
   *     no such one
   */
  public boolean arrived(BundleId bundle, AttemptHistory history) {
    Work work = works.get(bundle.demand());
    if (work == null || work.closed() || work.isGang() || !work.hasEnded(bundle.index())) {
      return false;
    }
    work.reopen(bundle.index());
    work.history(bundle.index(), history);
    if (work.demand().retry().exhausted(history).isPresent()) {
      again(work, bundle.index());
      closeIfDone(work);
    } else {
      waiting.enqueue(work, List.of(bundle.index()));
    }
    return true;
  }

  /** A bundle that waits is not wanted any more; if it is of a gang, none of the gang is. */
  public void dropped(BundleId bundle) {
    Work work = works.get(bundle.demand());
    if (work == null || work.running(bundle.index()) != null) {
      return;
    }
    if (work.isGang()) {
      close(work);
      return;
    }
    for (WaitingEntry entry : waiting.entriesOf(work)) {
      if (entry.bundles().remove(bundle.index()) && entry.bundles().isEmpty()) {
        waiting.dequeue(entry);
      }
    }
    work.end(bundle.index());
    closeIfDone(work);
  }

  /** Nothing more of it starts; what runs is told to stop by the next round. */
  public void withdraw(String demand) {
    Work work = works.get(demand);
    if (work != null) {
      close(work);
    }
  }

  /**
   * An attempt ended. False, and nothing happens, if it is not the one that is running: a message
   * that came late or twice.
   *
   * @param committed whether the attempt committed anything
   */
  public boolean ended(Placement placement, AttemptEnd end, boolean committed) {
    Work work = works.get(placement.bundle().demand());
    int bundle = placement.bundle().index();
    Placement running = work == null ? null : work.running(bundle);
    if (work == null || running == null || running.attempt() != placement.attempt()) {
      return false;
    }
    placer.free(work, running);
    work.history(bundle, work.history(bundle).after(end, committed));
    if (end == AttemptEnd.COMPLETED) {
      work.end(bundle);
      if (work.stopping()) {
        regroup(work);
      }
    } else {
      again(work, bundle);
    }
    closeIfDone(work);
    return true;
  }

  /** The assignment was not committed, and never will be: as if it had not been made. */
  public void rejected(Round.Assignment assignment) {
    for (Placement placement : assignment.placements()) {
      Work work = works.get(placement.bundle().demand());
      int bundle = placement.bundle().index();
      if (work != null && placement.equals(work.running(bundle))) {
        placer.free(work, placement);
        if (work.isGang()) {
          regroup(work);
        } else if (!work.closed()) {
          waiting.enqueue(work, List.of(bundle));
        }
        closeIfDone(work);
      }
    }
  }

  private void again(Work work, int bundle) {
    Optional<String> exhausted = work.demand().retry().exhausted(work.history(bundle));
    if (exhausted.isPresent() && !work.closed()) {
      refuse(work, bundle, false, exhausted.get());
      if (work.isGang()) {
        String reason = "its gang cannot go on: member " + bundle + " " + exhausted.get();
        work.idle().forEach(other -> refuse(work, other, false, reason));
        work.running().forEach(p -> refuse(work, p.bundle().index(), false, reason));
        close(work);
      }
    } else if (work.isGang()) {
      if (!work.stopping()) {
        work.stopping(true);
        aborts.addAll(work.running());
      }
      regroup(work);
    } else if (!work.closed()) {
      waiting.enqueue(work, List.of(bundle));
    }
  }

  /** A gang waits again once the last of its members has stopped. */
  private void regroup(Work work) {
    if (work.running().isEmpty()) {
      work.stopping(false);
      if (!work.closed()) {
        waiting.enqueue(work, work.idle());
      }
    }
  }

  private void refuse(Work work, int bundle, boolean infeasible, String reason) {
    work.end(bundle);
    refusals.add(new Round.Refusal(new BundleId(work.id(), bundle), infeasible, reason));
  }

  private void close(Work work) {
    if (!work.closed()) {
      work.close();
      waiting.entriesOf(work).forEach(waiting::dequeue);
      aborts.addAll(work.running());
      closeIfDone(work);
    }
  }

  private void closeIfDone(Work work) {
    if (work.running().isEmpty()
        && !waiting.isWaiting(work)
        && (work.closed() || work.idle().isEmpty() || work.isGang())) {
      works.remove(work.id());
    }
  }

  // ---- decisions

  /**
   * Decides as much as can start now.
   *
   * @param at the leader's clock; jumps cost fairness, nothing else
   * @param most bundles to place at most; gangs are not cut
   */
  public Round schedule(Instant at, int most) {
    now = at;
    round++;
    nodes.forget(at);
    shares.advance(at);
    reservations.check();
    refuseInfeasible();
    List<Round.Assignment> assignments = new ArrayList<>();
    int placed = 0;
    for (WaitingEntry entry : reservations.holders()) {
      placed += placer.start(entry, assignments);
    }
    List<WaitingEntry> passedOver = new ArrayList<>();
    TenantQueue tenant = shares.next(round);
    while (tenant != null && placed < most) {
      WaitingEntry entry = tenant.head(round);
      if (entry == null) {
        throw new IllegalStateException("Tenant " + tenant.name + " has nothing to try");
      }
      ShapeQueue queue = entry.queue();
      int started = queue.blockedAt == nodes.roomVersion() ? 0 : placer.start(entry, assignments);
      if (started == 0) {
        queue.blockedAt = nodes.roomVersion();
        queue.skippedIn = round;
        passedOver.add(entry);
      } else {
        placed += started;
        markOvertaken(passedOver, at);
      }
      tenant = shares.next(round);
    }
    passedOver.forEach(entry -> reservations.consider(entry, at));
    shares.hold();
    Round decided =
        new Round(
            assignments, aborts.stream().filter(this::isRunning).toList(), List.copyOf(refusals));
    aborts.clear();
    refusals.clear();
    return decided;
  }

  private boolean isRunning(Placement placement) {
    Work work = works.get(placement.bundle().demand());
    return work != null && placement.equals(work.running(placement.bundle().index()));
  }

  private static void markOvertaken(List<WaitingEntry> passedOver, Instant at) {
    for (WaitingEntry entry : passedOver) {
      if (entry.overtakenSince() == null) {
        entry.overtaken(at);
      }
    }
  }

  private void refuseInfeasible() {
    waiting
        .takeInfeasible()
        .forEach(
            (entry, reason) -> {
              entry.bundles().forEach(bundle -> refuse(entry.work(), bundle, true, reason));
              closeIfDone(entry.work());
            });
  }

  // ---- what is known

  /** Why nothing (more) of a demand starts now; empty: nothing of it waits. */
  public Optional<String> waitingReason(String demand) {
    Work work = works.get(demand);
    if (work == null) {
      return Optional.empty();
    }
    if (work.stopping()) {
      return Optional.of("its gang starts again when " + work.running().size() + " members ended");
    }
    return waiting.entriesOf(work).stream().findFirst().map(waiting::reasonOf);
  }

  public List<NodeUsage> nodes() {
    return nodes.live().stream().map(NodeLedger::usage).toList();
  }

  /** What runs now, in no particular order. */
  public List<Placement> running() {
    return works.values().stream().flatMap(work -> work.running().stream()).toList();
  }

  /** Demands that have not ended. */
  public int demands() {
    return works.size();
  }

  /** The history of a bundle of a demand that has not ended: what to write to its row. */
  public Optional<AttemptHistory> history(BundleId bundle) {
    return Optional.ofNullable(works.get(bundle.demand()))
        .map(work -> work.history(bundle.index()));
  }
}
