// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A demand that has not ended, and how far each of its bundles is. */
final class Work {
  private final Demand demand;
  private final List<AttemptHistory> histories = new ArrayList<>();
  private final boolean[] ended;
  private final Map<Integer, Placement> running = new TreeMap<>();
  private final Map<NodeLedger, Integer> onNode = new LinkedHashMap<>();

  private @Nullable NodeLedger lastNode;

  /** A member of the gang ended early, or the demand was withdrawn: the others are to stop. */
  private boolean stopping;

  private boolean closed;

  Work(Demand demand, List<BundleState> states) {
    this.demand = demand;
    this.ended = new boolean[demand.group().bundles().size()];
    for (int i = 0; i < ended.length; i++) {
      histories.add(states.get(i).history());
      ended[i] = states.get(i).ended();
    }
  }

  Demand demand() {
    return demand;
  }

  String id() {
    return demand.id();
  }

  boolean isGang() {
    return demand.group().isGang();
  }

  Resources resources(int bundle) {
    return demand.group().bundles().get(bundle).resources();
  }

  AttemptHistory history(int bundle) {
    return histories.get(bundle);
  }

  void history(int bundle, AttemptHistory history) {
    histories.set(bundle, history);
  }

  @Nullable Placement running(int bundle) {
    return running.get(bundle);
  }

  Collection<Placement> running() {
    return running.values();
  }

  void started(Placement placement, @Nullable NodeLedger node) {
    running.put(placement.bundle().index(), placement);
    if (node != null) {
      onNode.merge(node, 1, Integer::sum);
      lastNode = node;
    }
  }

  void stopped(int bundle, @Nullable NodeLedger node) {
    running.remove(bundle);
    if (node != null) {
      onNode.computeIfPresent(node, (n, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
  }

  /** How many of its bundles run on each node; nodes with none are absent. */
  Map<NodeLedger, Integer> onNode() {
    return onNode;
  }

  /** Where the last bundle went; it may be gone since. */
  @Nullable NodeLedger lastNode() {
    return lastNode;
  }

  void end(int bundle) {
    ended[bundle] = true;
  }

  boolean hasEnded(int bundle) {
    return ended[bundle];
  }

  void reopen(int bundle) {
    ended[bundle] = false;
  }

  /** Bundles that neither run nor have ended. */
  List<Integer> idle() {
    List<Integer> idle = new ArrayList<>();
    for (int i = 0; i < ended.length; i++) {
      if (!ended[i] && !running.containsKey(i)) {
        idle.add(i);
      }
    }
    return idle;
  }

  boolean stopping() {
    return stopping;
  }

  void stopping(boolean value) {
    stopping = value;
  }

  /** Nothing of it starts any more. */
  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
