// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run, as it is said to the pod that runs it.
 *
 * @param name of the task; of an actor's class and method with a dot between; of an actor's class
 * @param label for people
 * @param demand what it takes while it runs
 * @param to the actor, null for a task
 */
record Call(
    Kind kind, String name, String label, Demand demand, @Nullable ToActor to, List<Value> values) {
  enum Kind {
    TASK,
    /** Begins an actor; its values are the argument of its start and its snapshot, if any. */
    ACTOR_START,
    ACTOR_CALL,
    /** To the pod that owns the actor, which sends it on. */
    ACTOR_ROUTE
  }

  /**
   * What it takes.
   *
   * @param resources as {@link dev.partita.scheduling.Resources} writes them
   * @param group null: what the pod has free
   */
  record Demand(String resources, int priority, @Nullable GroupId group, int bundle) {}

  /**
   * To which actor.
   *
   * @param generation of the actor: each restart has a higher one
   * @param caller who sends it, for ever
   * @param sequence of this caller's calls to this actor, from 1
   * @param maxConcurrency of {@link ActorOptions}, as is {@code mailbox}
   */
  record ToActor(
      ActorId actor,
      int generation,
      Delivery delivery,
      long caller,
      long sequence,
      int maxConcurrency,
      int mailbox) {}
}
