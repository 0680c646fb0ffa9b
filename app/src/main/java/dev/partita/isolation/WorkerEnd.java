// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

/**
 * How a worker came to its end.
 *
 * @param detail for people: exit value, signal, the last words of a child
 */
public record WorkerEnd(Cause cause, String detail) {
  /** What whoever replaces it can tell apart. */
  public enum Cause {
    /** It was asked to end. */
    CLOSED,
    /** It was killed by its owner. */
    KILLED,
    /** It ended by itself: a crash, an exit, a signal from outside. */
    DIED,
    /** It used up its memory, and would again with the same work. */
    OUT_OF_MEMORY,
    /** It gave no sign of life for too long, and was killed. */
    FROZEN,
    /** It sent what a worker does not send, and was killed. */
    PROTOCOL,
    /** It was not ready for work in time, or never. */
    NOT_STARTED
  }
}
