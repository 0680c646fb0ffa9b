// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/**
 * Something that ran on this pod and ended.
 *
 * @param name of the task or of the actor's method; of a transfer, the object and whose it was
 * @param startedMicros since the epoch, by this pod's clock
 * @param thread its number; the bytes of a transfer come on a thread of the network
 */
public record TimelineEvent(
    Kind kind, String name, long startedMicros, long lastedNanos, ThreadId thread) {

  /** What ran. */
  public enum Kind {
    TASK,
    ACTOR_CALL,
    TRANSFER
  }

  /**
   * Where it ran.
   *
   * @param number as the platform counts them
   */
  public record ThreadId(long number, String name) {}
}
