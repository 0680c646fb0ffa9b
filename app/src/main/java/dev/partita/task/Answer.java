// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.List;

/** Where a call's end is told, once. Any thread. */
interface Answer {
  /**
   * It ended well.
   *
   * @param refs references in the value, to be held on to until nobody needs it any more
   */
  void done(Value value, long runNanos, List<ObjectRef<?>> refs);

  void failed(Frame.Failure failure);

  /** The state of the actor, before the answers that follow. */
  default void save(ActorId actor, int generation, Value state) {}

  /** Whether it stays in this pod. */
  boolean local();
}
