// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

/** The native core itself: which one it is and whether it works. Never loads libtorch. */
@SuppressWarnings("DoNotCallSuggester")
public final class NativeCore {
  private NativeCore() {}

  /** Version of the core. */
  public static String version() {
    throw new UnsupportedOperationException("being written");
  }

  /** What the core found in this processor, for example {@code avx2,sse4.2}. */
  public static String cpuFeatures() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Runs one small known calculation; throws a NATIVE_FAILURE that says what differs. Microseconds,
   * any thread: fit for a health check.
   */
  public static void selfCheck() {
    throw new UnsupportedOperationException("being written");
  }

  /** CRC32C (Castagnoli) of native memory, continuing from {@code crc} (0 to begin). */
  public static int crc32c(int crc, long address, long byteSize) {
    throw new UnsupportedOperationException("being written");
  }
}
