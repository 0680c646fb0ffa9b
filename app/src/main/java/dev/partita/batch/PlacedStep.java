// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.batch.PlacementRepository.Row;
import dev.partita.batch.PlacementRepository.Step;
import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.AttemptHistory;
import dev.partita.scheduling.Bundle;
import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.GpuShare;
import dev.partita.scheduling.Placement;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.RetryPolicy;
import dev.partita.scheduling.Share;
import dev.partita.scheduling.StepProperties;
import dev.partita.scheduling.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A step as the leader has told the scheduler of it: a demand whose bundles are its partitions in
 * the order in which they came. Partitions that are not posted yet are bundles that have ended.
 */
final class PlacedStep {
  final Step step;
  final boolean gang;
  private final Demand demand;
  private final Map<Integer, Integer> bundles = new HashMap<>();
  private final List<Integer> partitions = new ArrayList<>();

  /** What was given to a pod and has not ended, by partition. */
  final Map<Integer, Placement> placed = new TreeMap<>();

  /** Partitions that wait. */
  final TreeSet<Integer> waiting = new TreeSet<>();

  /** Why they wait, as it stands in the row. */
  String waits = "";

  /** When they began to wait; the leader's clock. */
  long waitsSinceMillis;

  PlacedStep(Step step, List<Row> rows, int quarantineAfter, double weight) {
    StepProperties asks = step.demand().asks();
    this.step = step;
    this.gang = asks.gangMin() > 0;
    RetryPolicy retry = asks.retry().quarantinedAfter(quarantineAfter);
    this.demand =
        new Demand(
            id(rows.get(0)),
            group(asks, Math.max(step.demand().partitions(), rows.size())),
            new Where(asks.pools(), Map.of(), rows.get(0).application()),
            new Share(step.tenant(), weight, asks.priority()),
            retry);
    rows.forEach(row -> index(row.key().partition()));
  }

  /**
   * With the places that its partitions take. The members of a gang share the memory of one pod,
   * unless their step asks for several.
   */
  static PlacementGroup group(StepProperties asks, int partitions) {
    return new PlacementGroup(
        Collections.nCopies(partitions, new Bundle(Places.with(asks.resources()))),
        asks.gangMin() > 0 ? ofGang(asks.placement()) : asks.placement(),
        Math.min(asks.gangMin(), partitions));
  }

  private static PlacementStrategy ofGang(PlacementStrategy asked) {
    return switch (asked) {
      case SPREAD, STRICT_SPREAD -> asked;
      case PACK, STRICT_PACK -> PlacementStrategy.STRICT_PACK;
    };
  }

  /** The demand that a partition belongs to: its step, by the application that it is to run. */
  static String id(Row row) {
    return row.key().stepExecutionId() + "/" + row.application();
  }

  Demand demand() {
    return demand;
  }

  String id() {
    return demand.id();
  }

  int size() {
    return demand.group().bundles().size();
  }

  boolean knows(int partition) {
    return bundles.containsKey(partition);
  }

  boolean isFull() {
    return partitions.size() == size();
  }

  /** Its bundle, the next free one for a partition that is new. */
  BundleId index(int partition) {
    return new BundleId(
        id(),
        bundles.computeIfAbsent(
            partition,
            p -> {
              partitions.add(p);
              return partitions.size() - 1;
            }));
  }

  PartitionKey key(BundleId bundle) {
    return new PartitionKey(step.demand().stepExecutionId(), partitions.get(bundle.index()));
  }

  /** What became of a partition, by its row. */
  static AttemptHistory history(Row row) {
    return new AttemptHistory(row.attempt(), row.failures(), row.moves(), row.deaths());
  }

  /** The placement of a row that runs on that pod. */
  Placement placement(Row row, PlacementRepository.Pod pod) {
    return new Placement(
        index(row.key().partition()),
        row.attempt(),
        pod.node().id(),
        pod.node().incarnation(),
        gpus(row.gpus()));
  }

  /** Why a partition waits that ran under that placement. */
  AttemptEnd handedBack(Row row, @Nullable AttemptHistory before) {
    if (before != null && row.failures() > before.failures()) {
      return AttemptEnd.FAILED;
    }
    if (before != null && row.moves() > before.preemptions()) {
      return AttemptEnd.PREEMPTED;
    }
    return AttemptEnd.GANG_ABORTED;
  }

  static String text(List<GpuShare> gpus) {
    return gpus.stream()
        .map(share -> share.device() + ":" + share.milli())
        .collect(Collectors.joining(","));
  }

  private static List<GpuShare> gpus(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1))
            .map(share -> share.split(":", -1))
            .map(share -> new GpuShare(Integer.parseInt(share[0]), Long.parseLong(share[1])))
            .toList();
  }
}
