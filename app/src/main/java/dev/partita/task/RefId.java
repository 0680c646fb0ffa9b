// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/**
 * Names an object for ever.
 *
 * @param owner of 64 random bits, drawn by the pod's life that owns it
 * @param number grows
 */
record RefId(long owner, long number) {
  @Override
  public String toString() {
    return String.format("%016x-%x", owner, number);
  }
}
