// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.time.Instant;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Bundles of one demand and one shape that wait; a gang's are one entry that leaves as a whole. */
final class WaitingEntry {
  /** Priority first; then demands take turns: the one that got least since it came; then age. */
  static final Comparator<WaitingEntry> ORDER =
      Comparator.comparingInt((WaitingEntry entry) -> -entry.work.demand().share().priority())
          .thenComparingDouble(entry -> entry.turn)
          .thenComparingLong(entry -> entry.sequence);

  private final Work work;
  private final ShapeQueue queue;
  private final SortedSet<Integer> bundles = new TreeSet<>();
  private final long sequence;
  private double turn;
  private @Nullable Instant overtakenSince;

  /**
   * @param sequence of arrival
   */
  WaitingEntry(Work work, ShapeQueue queue, long sequence, double turn) {
    this.work = work;
    this.queue = queue;
    this.sequence = sequence;
    this.turn = turn;
  }

  Work work() {
    return work;
  }

  ShapeQueue queue() {
    return queue;
  }

  SortedSet<Integer> bundles() {
    return bundles;
  }

  double turn() {
    return turn;
  }

  /** Call only while it is in no sorted set. */
  void addTurn(double share) {
    turn += share;
  }

  /** Since when others have started although this was before them; null: it was not overtaken. */
  @Nullable Instant overtakenSince() {
    return overtakenSince;
  }

  void overtaken(@Nullable Instant since) {
    overtakenSince = since;
  }
}
