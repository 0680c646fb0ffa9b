// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.batch.PlacementRepository.Gift;
import dev.partita.batch.PlacementRepository.Pod;
import dev.partita.batch.PlacementRepository.Row;
import dev.partita.batch.PlacementRepository.Step;
import dev.partita.config.SchedulingConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.AttemptHistory;
import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.BundleState;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.Round;
import dev.partita.scheduling.Scheduler;
import dev.partita.scheduling.SchedulerSettings;
import jakarta.batch.runtime.BatchStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one leader knows: a scheduler that is told of pods and partitions as the rows have them, and
 * whose decisions are committed there. Each round reads all open rows, so that nothing depends on
 * having heard of a change; what was decided and not committed is taken back. One thread.
 */
final class LeaderTerm {
  /** Partitions that are placed in one transaction, about. */
  private static final int MOST = 500;

  private final long token;
  private final PlacementRepository rows;
  private final SchedulingConfig config;
  private final int quarantineAfter;
  private final WaitReasons reasons;
  private final GangAborts aborts;
  private final Scheduler scheduler;

  /** By the id of their demand. */
  private final Map<String, PlacedStep> steps = new LinkedHashMap<>();

  private Map<String, Pod> alive = Map.of();
  private boolean begun;
  private volatile int waiting;

  /** The rows are not as this leader left them: it begins anew with what they say. */
  static final class OutdatedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutdatedException(String what) {
      super(what);
    }
  }

  LeaderTerm(
      long token,
      PlacementRepository rows,
      SchedulingConfig config,
      int quarantineAfter,
      WaitReasons.Listener listener,
      Instant now) {
    this.token = token;
    this.rows = rows;
    this.config = config;
    this.quarantineAfter = quarantineAfter;
    this.scheduler = new Scheduler(SchedulerSettings.DEFAULT, now);
    this.reasons = new WaitReasons(rows, scheduler, listener);
    this.aborts = new GangAborts(rows, token);
  }

  /**
   * One look and one decision.
   *
   * @param now the leader's clock
   * @return whether pods were given something
   * @throws PartitaException FENCED if another leads; STORAGE_FAILURE: this term is over, too, for
   *     nobody knows what was committed
   * @throws OutdatedException if this term cannot go on
   */
  boolean round(Instant now) {
    // In this order: what a pod ended before it was gone is seen as ended.
    List<Row> open = rows.open();
    List<Pod> pods = rows.pods(SchedulerSettings.DEFAULT.memory());
    Map<PartitionKey, Row> byKey = new HashMap<>();
    open.forEach(row -> byKey.put(row.key(), row));
    Map<String, Pod> before = alive;
    alive = new HashMap<>();
    pods.stream().filter(Pod::alive).forEach(pod -> alive.put(pod.holder(), pod));
    List.copyOf(steps.values()).forEach(step -> lookAt(step, byKey, before));
    lose(before, byKey);
    for (Pod pod : pods) {
      if (pod.alive()) {
        scheduler.nodeJoined(pod.node(), p -> false);
      } else if (!begun) {
        scheduler.nodeRemembered(pod.node());
      }
    }
    begun = true;
    enter(open);
    Round round = scheduler.schedule(now, MOST);
    boolean given = give(round.assignments());
    round.refusals().forEach(this::refuse);
    for (Placement placement : round.aborts()) {
      aborts.ask(step(placement.bundle()).key(placement.bundle()), placement.attempt(), now);
    }
    aborts.takeBack(now);
    List.copyOf(steps.values()).forEach(this::forgetIfEnded);
    reasons.say(steps.values(), now);
    waiting = steps.values().stream().mapToInt(step -> step.waiting.size()).sum();
    return given;
  }

  /** Partitions that wait. Any thread. */
  int waiting() {
    return waiting;
  }

  // ---- what ended

  private void lookAt(PlacedStep step, Map<PartitionKey, Row> open, Map<String, Pod> before) {
    for (int partition : List.copyOf(step.waiting)) {
      Row row = sameApplication(step, open.get(key(step, partition)));
      if (row == null || (row.waits() && row.stop())) {
        notWanted(step, partition, row);
      } else if (!row.waits() && before.containsKey(row.holder())) {
        throw new OutdatedException(row.key() + " runs, which this leader did not decide");
      }
    }
    for (Placement placement : List.copyOf(step.placed.values())) {
      PartitionKey key = step.key(placement.bundle());
      Row row = sameApplication(step, open.get(key));
      if (row == null) {
        ended(step, placement, key);
      } else if (row.waits()) {
        handedBack(step, placement, row);
      } else if (row.attempt() != placement.attempt()) {
        throw new OutdatedException(key + " has an attempt that this leader did not decide");
      }
    }
  }

  private static @Nullable Row sameApplication(PlacedStep step, @Nullable Row row) {
    if (row != null && !PlacedStep.id(row).equals(step.id())) {
      throw new OutdatedException(row.key() + " goes on under another application");
    }
    return row;
  }

  /** A partition that waited has ended or is to end: somebody stops its job, or it was purged. */
  private void notWanted(PlacedStep step, int partition, @Nullable Row row) {
    scheduler.dropped(step.index(partition));
    step.waiting.remove(partition);
    List<Integer> stopped = new ArrayList<>(row == null ? List.of() : List.of(partition));
    if (step.gang) {
      stopped.addAll(step.waiting);
      step.waiting.clear();
    }
    stopped.forEach(p -> rows.end(token, key(step, p), BatchStatus.STOPPED, ""));
  }

  private static PartitionKey key(PlacedStep step, int partition) {
    return new PartitionKey(step.step.demand().stepExecutionId(), partition);
  }

  private void ended(PlacedStep step, Placement placement, PartitionKey key) {
    step.placed.remove(key.partition());
    aborts.ended(key);
    scheduler.ended(placement, AttemptEnd.COMPLETED, true);
    if (step.gang) {
      rows.failure(key).ifPresent(reason -> endGang(step, key.partition(), reason));
    }
  }

  private void endGang(PlacedStep step, int failed, String why) {
    String reason = "its gang cannot go on: partition " + failed + " failed: " + why;
    List<Integer> others = new ArrayList<>(step.waiting);
    others.addAll(step.placed.keySet());
    others.forEach(other -> rows.end(token, key(step, other), BatchStatus.FAILED, cut(reason)));
    step.waiting.clear();
    scheduler.withdraw(step.id());
  }

  private static String cut(String reason) {
    return reason.length() <= 1_000 ? reason : reason.substring(0, 1_000);
  }

  private void handedBack(PlacedStep step, Placement placement, Row row) {
    AttemptHistory before = scheduler.history(placement.bundle()).orElse(null);
    step.placed.remove(row.key().partition());
    aborts.ended(row.key());
    scheduler.ended(placement, step.handedBack(row, before), row.committed());
    step.waiting.add(row.key().partition());
    if (row.stop()) {
      notWanted(step, row.key().partition(), row);
    }
  }

  private void lose(Map<String, Pod> before, Map<PartitionKey, Row> open) {
    for (Pod pod : before.values()) {
      if (!alive.containsKey(pod.holder())) {
        for (PlacedStep step : steps.values()) {
          for (Placement placement : List.copyOf(step.placed.values())) {
            if (placement.node().equals(pod.node().id())) {
              int partition = step.key(placement.bundle()).partition();
              step.placed.remove(partition);
              step.waiting.add(partition);
            }
          }
        }
        scheduler.nodeLost(
            pod.node().id(), pod.node().incarnation(), placement -> committed(placement, open));
      }
    }
  }

  private boolean committed(Placement placement, Map<PartitionKey, Row> open) {
    PlacedStep step = steps.get(placement.bundle().demand());
    Row row = step == null ? null : open.get(step.key(placement.bundle()));
    return row != null && row.committed();
  }

  // ---- what is new

  private void enter(List<Row> open) {
    Map<String, List<Row>> unknown = new LinkedHashMap<>();
    for (Row row : open) {
      PlacedStep step = steps.get(PlacedStep.id(row));
      if (step == null) {
        unknown.computeIfAbsent(PlacedStep.id(row), id -> new ArrayList<>()).add(row);
      } else if (!step.knows(row.key().partition())) {
        arrive(step, row);
      }
    }
    if (unknown.isEmpty()) {
      return;
    }
    Map<Long, Step> facts =
        rows.steps(
            unknown.values().stream()
                .map(some -> some.get(0).key().stepExecutionId())
                .collect(Collectors.toSet()));
    unknown.values().forEach(some -> enter(facts.get(some.get(0).key().stepExecutionId()), some));
  }

  private void arrive(PlacedStep step, Row row) {
    if (!row.waits() || step.gang || step.isFull()) {
      throw new OutdatedException(row.key() + " is not one that this leader waited for");
    }
    if (endedByStop(row)) {
      return;
    }
    if (!scheduler.arrived(step.index(row.key().partition()), PlacedStep.history(row))) {
      throw new OutdatedException(row.key() + " came to a step that had ended");
    }
    step.waiting.add(row.key().partition());
  }

  private boolean endedByStop(Row row) {
    if (row.waits() && row.stop()) {
      rows.end(token, row.key(), BatchStatus.STOPPED, "");
      return true;
    }
    return false;
  }

  private void enter(@Nullable Step facts, List<Row> open) {
    if (facts == null) {
      return; // its job was purged
    }
    boolean gang = facts.demand().asks().gangMin() > 0;
    List<Row> all = gang ? rows.all(facts.demand().stepExecutionId()) : new ArrayList<>(open);
    all.removeIf(row -> !PlacedStep.id(row).equals(PlacedStep.id(open.get(0))));
    if (gang && all.size() < facts.demand().partitions()) {
      return; // the others come
    }
    if (!gang) {
      all.removeIf(this::endedByStop);
    }
    if (all.isEmpty()) {
      return;
    }
    PlacedStep step = new PlacedStep(facts, all, quarantineAfter, config.weightOf(facts.tenant()));
    List<BundleState> states =
        new ArrayList<>(
            Collections.nCopies(step.size(), new BundleState(AttemptHistory.NONE, null, true)));
    for (Row row : all) {
      states.set(step.index(row.key().partition()).index(), state(step, row));
    }
    steps.put(step.id(), step);
    scheduler.resume(step.demand(), states);
  }

  private BundleState state(PlacedStep step, Row row) {
    AttemptHistory history = PlacedStep.history(row);
    if (row.ended()) {
      return new BundleState(history, null, true);
    }
    Pod pod = alive.get(row.holder());
    if (row.waits() || pod == null) {
      step.waiting.add(row.key().partition());
      return new BundleState(
          row.waits() ? history : history.after(AttemptEnd.NODE_LOST, row.committed()),
          null,
          false);
    }
    Placement placement = step.placement(row, pod);
    step.placed.put(row.key().partition(), placement);
    return new BundleState(history, placement, false);
  }

  // ---- what was decided

  private boolean give(List<Round.Assignment> assignments) {
    Map<Round.Assignment, List<Gift>> groups = new LinkedHashMap<>();
    for (Round.Assignment assignment : assignments) {
      groups.put(assignment, assignment.placements().stream().map(this::gift).toList());
    }
    if (groups.isEmpty()) {
      return false;
    }
    Set<List<Gift>> given = rows.give(token, List.copyOf(groups.values()));
    groups.forEach(
        (assignment, gifts) -> {
          if (given.contains(gifts)) {
            assignment.placements().forEach(this::placed);
          } else {
            scheduler.rejected(assignment);
          }
        });
    return !given.isEmpty();
  }

  private Gift gift(Placement placement) {
    PlacedStep step = step(placement.bundle());
    return new Gift(
        step.key(placement.bundle()),
        placement.attempt(),
        placement.node().name() + "/" + placement.incarnation(),
        scheduler.history(placement.bundle()).map(AttemptHistory::nodesLost).orElse(0),
        PlacedStep.text(placement.gpus()));
  }

  private void placed(Placement placement) {
    PlacedStep step = step(placement.bundle());
    int partition = step.key(placement.bundle()).partition();
    step.waiting.remove(partition);
    step.placed.put(partition, placement);
  }

  private PlacedStep step(BundleId bundle) {
    PlacedStep step = steps.get(bundle.demand());
    if (step == null) {
      throw new OutdatedException(bundle + " is of no step that this leader knows");
    }
    return step;
  }

  private void refuse(Round.Refusal refusal) {
    PlacedStep step = step(refusal.bundle());
    PartitionKey key = step.key(refusal.bundle());
    step.waiting.remove(key.partition());
    rows.end(
        token,
        key,
        BatchStatus.FAILED,
        cut(
            refusal.infeasible()
                ? ErrorCode.PLACEMENT_INFEASIBLE + ": " + refusal.reason()
                : "partition " + key.partition() + ": " + refusal.reason()));
  }

  private void forgetIfEnded(PlacedStep step) {
    if (!step.placed.isEmpty()) {
      return;
    }
    if (!step.waiting.isEmpty()) {
      if (scheduler.history(step.index(step.waiting.first())).isPresent()) {
        return;
      }
      if (!step.gang) {
        throw new OutdatedException(step.id() + " waits, but not for the scheduler");
      }
      // It did with fewer members than it has partitions: these had nothing to do.
      step.waiting.forEach(
          partition -> rows.end(token, key(step, partition), BatchStatus.COMPLETED, ""));
    }
    scheduler.withdraw(step.id());
    steps.remove(step.id());
  }
}
