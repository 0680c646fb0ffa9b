// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

/**
 * A half-open range of rows or elements, {@code [from, to)}: what one rank merges and updates.
 *
 * @param from first index
 * @param to one past the last index
 */
public record Slice(int from, int to) {
  public Slice {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("slice [" + from + ", " + to + ") is not a range");
    }
  }

  /** The whole of {@code total} indices. */
  public static Slice all(int total) {
    return new Slice(0, total);
  }

  /** The share of one of {@code ranks} equal parts (sizes differ by one at most). */
  public static Slice of(int total, int rank, int ranks) {
    return new Slice(
        (int) ((long) total * rank / ranks), (int) ((long) total * (rank + 1) / ranks));
  }

  public int size() {
    return to - from;
  }
}
