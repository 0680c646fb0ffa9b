// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/** What becomes of a call to an actor when its pod dies before the answer came. */
public enum Delivery {
  /** It fails with ACTOR_DIED if it may have begun: its effect is there once or not at all. */
  AT_MOST_ONCE,

  /** It is made again: its effect may be there more than once, its answer comes once. */
  AT_LEAST_ONCE,

  /**
   * It is made again unless its effect is in the snapshot that the actor was restored from; then
   * the answer it gave is given again. For actors with {@link Snapshots}: what it changes outside
   * of its state is not covered.
   */
  EXACTLY_ONCE
}
