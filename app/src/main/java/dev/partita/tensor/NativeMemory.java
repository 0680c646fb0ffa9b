// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much native memory this process holds. */
public final class NativeMemory {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  private NativeMemory() {}

  /** Bytes allocated by the core and not yet given back: models, optimizers, batches, gradients. */
  public static long heldBytes() {
    NativeCore.load();
    return PartitaCore.ptc_held_bytes();
  }

  /** Resident set of the whole process in bytes, as Linux counts it; 0 where that is unknown. */
  public static long residentBytes() {
    if (!Files.isReadable(STATM)) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(STATM).split(" ", 3)[1]) * PAGE_BYTES;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
