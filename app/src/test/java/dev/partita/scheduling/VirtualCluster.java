// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;

/** A scheduler whose placements run for as long as a test says, on a virtual clock. */
final class VirtualCluster {
  private record Finish(long at, long sequence, Placement placement) {}

  final Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULT, Instant.EPOCH);
  private final PriorityQueue<Finish> finishes =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.sequence, b.sequence));
  private final Map<String, Demand> demands = new HashMap<>();

  /** Milliseconds of processors that each tenant had. */
  final Map<String, Long> cpuMillis = new HashMap<>();

  private final ToLongFunction<BundleId> lastsMillis;
  private long sequence;
  long nowMillis;

  VirtualCluster(ToLongFunction<BundleId> lastsMillis) {
    this.lastsMillis = lastsMillis;
  }

  void nodes(int count, String resources) {
    for (int i = 0; i < count; i++) {
      node("n" + i, resources);
    }
  }

  void node(String name, String resources) {
    scheduler.nodeJoined(
        new NodeState(
            new NodeId(name),
            1,
            new NodeTraits("cpu", Map.of(), "h"),
            Resources.parse(resources),
            false),
        p -> false);
  }

  void submit(String id, Share share, PlacementGroup group) {
    Demand demand = new Demand(id, group, Where.ANYWHERE, share, RetryPolicy.DEFAULT);
    demands.put(id, demand);
    scheduler.submit(demand);
  }

  static PlacementGroup each(int count, String resources) {
    return PlacementGroup.each(bundles(count, resources), PlacementStrategy.PACK);
  }

  static List<Bundle> bundles(int count, String resources) {
    return Collections.nCopies(count, new Bundle(Resources.parse(resources)));
  }

  /** Decides now; what starts. */
  List<Placement> schedule() {
    Round round = scheduler.schedule(Instant.ofEpochMilli(nowMillis), Integer.MAX_VALUE);
    List<Placement> started = new ArrayList<>();
    for (Round.Assignment assignment : round.assignments()) {
      for (Placement placement : assignment.placements()) {
        long lasts = lastsMillis.applyAsLong(placement.bundle());
        finishes.add(new Finish(nowMillis + lasts, sequence++, placement));
        started.add(placement);
      }
    }
    return started;
  }

  /** Goes to the next end and decides again; what starts then. Nothing runs: no time passes. */
  List<Placement> step() {
    Finish next = finishes.poll();
    if (next != null) {
      long later = Math.max(nowMillis, next.at);
      count(next.placement, later - nowMillis);
      count(later - nowMillis);
      nowMillis = later;
      scheduler.ended(next.placement, AttemptEnd.COMPLETED, true);
    }
    return schedule();
  }

  private void count(long millis) {
    for (Finish running : finishes) {
      count(running.placement, millis);
    }
  }

  private void count(Placement placement, long millis) {
    Demand demand = demands.get(placement.bundle().demand());
    if (demand != null && millis > 0) {
      long cpu = demand.group().bundles().get(placement.bundle().index()).resources().cpuMilli();
      cpuMillis.merge(demand.share().tenant(), cpu * millis / 1000, Long::sum);
    }
  }

  double cpuMillisOf(String tenant) {
    return cpuMillis.getOrDefault(tenant, 0L);
  }

  boolean isIdle() {
    return finishes.isEmpty();
  }
}
