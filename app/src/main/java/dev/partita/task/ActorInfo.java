// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An actor, as people see it.
 *
 * @param type name of its class
 * @param name of its options; empty: none
 * @param state PENDING, STARTING, ALIVE, RESTARTING, DEAD
 * @param owner the caller it was begun for; empty: a program of the pod's
 */
public record ActorInfo(
    String id, String type, String name, String state, String owner, Life life, Load load) {

  /**
   * Where it lives.
   *
   * @param pod the life of the pod; empty: none yet
   * @param generation grows with each restart
   * @param death why it is no more, or null
   */
  public record Life(
      String pod,
      int generation,
      int restarts,
      Instant created,
      TaskInfo.@Nullable Failure death) {}

  /** Its calls: not sent yet, and sent but not answered. */
  public record Load(int waiting, int underWay) {}
}
