// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a tenant has waiting and what it uses. */
final class TenantQueue {
  final String name;
  double weight;

  /** Dominant share of the cluster × seconds / weight that it had, as FairShare counts it. */
  double virtualTime;

  /** Its dominant share after the last round. */
  double shareHeld;

  /** When it was served last, to break ties. */
  long servedAt;

  private final Map<Shape, ShapeQueue> queues = new LinkedHashMap<>();
  private long cpuUsed;
  private long gpuUsed;
  private long memoryUsed;
  private final Map<String, Long> customUsed = new TreeMap<>();

  /** The turn of what was served last: where newcomers begin. */
  private double turn;

  TenantQueue(String name) {
    this.name = name;
  }

  boolean isWaiting() {
    return !queues.isEmpty();
  }

  Iterable<ShapeQueue> queues() {
    return queues.values();
  }

  WaitingEntry add(Work work, Shape shape, List<Integer> bundles, long sequence) {
    ShapeQueue queue = queues.computeIfAbsent(shape, ShapeQueue::new);
    WaitingEntry entry = new WaitingEntry(work, queue, sequence, turn);
    entry.bundles().addAll(bundles);
    queue.entries.add(entry);
    return entry;
  }

  void remove(WaitingEntry entry) {
    ShapeQueue queue = entry.queue();
    queue.entries.remove(entry);
    if (queue.entries.isEmpty()) {
      queues.remove(queue.shape);
    }
  }

  /** Counts a start of the entry, which stays in its queue. */
  void served(WaitingEntry entry, double share) {
    turn = Math.max(turn, entry.turn());
    entry.queue().entries.remove(entry);
    entry.addTurn(share);
    entry.queue().entries.add(entry);
  }

  /** The first that was not passed over in this round. */
  @Nullable WaitingEntry head(long round) {
    WaitingEntry best = null;
    for (ShapeQueue queue : queues.values()) {
      if (queue.skippedIn != round) {
        WaitingEntry first = queue.entries.first();
        if (best == null || WaitingEntry.ORDER.compare(first, best) < 0) {
          best = first;
        }
      }
    }
    return best;
  }

  void use(Resources resources, int sign) {
    cpuUsed += sign * resources.cpuMilli();
    gpuUsed += sign * resources.gpuMilli();
    memoryUsed += sign * resources.memoryBytes();
    resources.customMilli().forEach((n, milli) -> customUsed.merge(n, sign * milli, Long::sum));
  }

  /** The largest part of any resource of the cluster that it uses, 0 to 1. */
  double dominantShare(NodeTable nodes) {
    double share =
        Math.max(
            part(cpuUsed, nodes.cpuTotal()),
            Math.max(part(gpuUsed, nodes.gpuTotal()), part(memoryUsed, nodes.memoryTotal())));
    for (Map.Entry<String, Long> custom : customUsed.entrySet()) {
      share = Math.max(share, part(custom.getValue(), nodes.customTotal(custom.getKey())));
    }
    return share;
  }

  private static double part(long used, long total) {
    return total == 0 ? 0 : (double) used / total;
  }
}
