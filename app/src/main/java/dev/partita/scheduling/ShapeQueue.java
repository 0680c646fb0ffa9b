// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What waits in one shape, of one tenant, and what is known about the shape. */
final class ShapeQueue {
  final Shape shape;
  final TreeSet<WaitingEntry> entries = new TreeSet<>(WaitingEntry.ORDER);

  /** Nothing was given back since it did not fit; {@link NodeTable#roomVersion()}. */
  long blockedAt = -1;

  /** The round in which it was passed over. */
  long skippedIn = -1;

  /** {@link NodeTable#nodesVersion()} for which some node could run it. */
  long feasibleAt = -1;

  private long candidatesAt = -1;
  private List<List<NodeLedger>> candidates = List.of();

  ShapeQueue(Shape shape) {
    this.shape = shape;
  }

  /** The nodes that may run it: a list per pool it names, the preferred first. */
  List<List<NodeLedger>> candidates(NodeTable nodes) {
    if (candidatesAt != nodes.nodesVersion()) {
      candidatesAt = nodes.nodesVersion();
      candidates = byPool(shape.where(), nodes.live());
    }
    return candidates;
  }

  /** The nodes of each pool that is named, or all in one list if none is. */
  static List<List<NodeLedger>> byPool(Where where, Iterable<NodeLedger> nodes) {
    Map<String, List<NodeLedger>> pools = new LinkedHashMap<>();
    where.pools().forEach(pool -> pools.put(pool, new ArrayList<>()));
    boolean any = pools.isEmpty();
    for (NodeLedger node : nodes) {
      if (node.mayRun(where)) {
        pools
            .computeIfAbsent(any ? "" : node.node().traits().pool(), pool -> new ArrayList<>())
            .add(node);
      }
    }
    return List.copyOf(pools.values());
  }
}
