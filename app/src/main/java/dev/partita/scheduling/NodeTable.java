// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The nodes that live, and those that did until a while ago and may come back. */
final class NodeTable {
  private record Gone(NodeState node, Instant until) {}

  private final Map<NodeId, NodeLedger> live = new TreeMap<>();
  private final Map<NodeId, Gone> gone = new TreeMap<>();
  private final Duration memory;
  private List<NodeLedger> known = List.of();
  private long knownAt = -1;
  private long nodesVersion;
  private long roomVersion;
  private long cpuTotal;
  private long gpuTotal;
  private long memoryTotal;
  private Map<String, Long> customTotal = Map.of();

  NodeTable(Duration memory) {
    this.memory = memory;
  }

  Collection<NodeLedger> live() {
    return live.values();
  }

  /** The ledger of that very incarnation, or null. */
  @Nullable NodeLedger find(NodeId id, long incarnation) {
    NodeLedger node = live.get(id);
    return node != null && node.node().incarnation() == incarnation ? node : null;
  }

  @Nullable NodeLedger find(NodeId id) {
    return live.get(id);
  }

  void add(NodeState node) {
    live.put(node.id(), new NodeLedger(node));
    gone.remove(node.id());
    changed();
  }

  void remove(NodeLedger node, Instant now) {
    live.remove(node.node().id());
    remember(node.node(), now);
  }

  void remember(NodeState node, Instant now) {
    gone.put(node.id(), new Gone(node, now.plus(memory)));
    changed();
  }

  void drain(NodeLedger node) {
    node.drain();
    changed();
  }

  void forget(Instant now) {
    if (gone.values().removeIf(node -> !now.isBefore(node.until()))) {
      changed();
    }
  }

  /** All nodes that live or may come back, with nothing on them and none draining. */
  List<NodeLedger> known() {
    if (knownAt != nodesVersion) {
      knownAt = nodesVersion;
      known = new ArrayList<>();
      live.values().forEach(node -> known.add(empty(node.node())));
      gone.values().forEach(node -> known.add(empty(node.node())));
    }
    return known;
  }

  static NodeLedger empty(NodeState node) {
    return new NodeLedger(
        new NodeState(node.id(), node.incarnation(), node.traits(), node.total(), false));
  }

  /** Changes when a node comes, goes, drains or is forgotten. */
  long nodesVersion() {
    return nodesVersion;
  }

  /** Changes when anything could fit that did not before. */
  long roomVersion() {
    return roomVersion;
  }

  void moreRoom() {
    roomVersion++;
  }

  private void changed() {
    nodesVersion++;
    roomVersion++;
    cpuTotal = 0;
    gpuTotal = 0;
    memoryTotal = 0;
    customTotal = new TreeMap<>();
    for (NodeLedger node : live.values()) {
      Resources total = node.node().total();
      cpuTotal += total.cpuMilli();
      gpuTotal += total.gpuMilli();
      memoryTotal += total.memoryBytes();
      total.customMilli().forEach((name, milli) -> customTotal.merge(name, milli, Long::sum));
    }
  }

  long cpuTotal() {
    return cpuTotal;
  }

  long gpuTotal() {
    return gpuTotal;
  }

  long memoryTotal() {
    return memoryTotal;
  }

  long customTotal(String name) {
    return customTotal.getOrDefault(name, 0L);
  }

  /** The largest part of any resource of the cluster that this is. */
  double shareOf(Resources resources) {
    double share =
        Math.max(
            part(resources.cpuMilli(), cpuTotal),
            Math.max(
                part(resources.gpuMilli(), gpuTotal), part(resources.memoryBytes(), memoryTotal)));
    for (Map.Entry<String, Long> custom : resources.customMilli().entrySet()) {
      share = Math.max(share, part(custom.getValue(), customTotal(custom.getKey())));
    }
    return share;
  }

  private static double part(long amount, long total) {
    return total == 0 ? 0 : (double) amount / total;
  }
}
