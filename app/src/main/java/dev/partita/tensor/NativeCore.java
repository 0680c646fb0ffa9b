// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import java.util.StringJoiner;
import org.bytedeco.javacpp.Loader;

/** The native core itself: which one it is and whether it works. Never loads libtorch. */
public final class NativeCore {
  private NativeCore() {}

  /**
   * The core's libraries, loaded once. A failure stays a failure: the class path does not mend
   * itself.
   */
  private static final class Library {
    static {
      // JavaCPP would otherwise ask for the resident set at each allocation: 4.6 µs a call.
      if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
      }
    }

    static final String FAILURE = tryToLoad();

    private static String tryToLoad() {
      try {
        Loader.load(PartitaCore.class);
        return "";
      } catch (LinkageError | RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      }
    }
  }

  /** Loads the core at the first call; after that it costs nothing. */
  static void load() {
    if (!Library.FAILURE.isEmpty()) {
      throw new PartitaException(
          ErrorCode.NATIVE_FAILURE, "the native core could not be loaded: " + Library.FAILURE);
    }
  }

  /** Version of the core. */
  public static String version() {
    load();
    return PartitaCore.ptc_version().getString();
  }

  /** What the core found in this processor and uses, for example {@code avx512,avx2,sse4.2}. */
  public static String cpuFeatures() {
    load();
    int features = PartitaCore.ptc_cpu_features();
    StringJoiner names = new StringJoiner(",");
    if ((features & PartitaCore.PTC_CPU_AVX512) != 0) {
      names.add("avx512");
    }
    if ((features & PartitaCore.PTC_CPU_AVX2) != 0) {
      names.add("avx2");
    }
    if ((features & PartitaCore.PTC_CPU_SSE42) != 0) {
      names.add("sse4.2");
    }
    return names.toString();
  }

  /**
   * Runs one small known calculation per kernel; throws a NATIVE_FAILURE that says what differs.
   * Microseconds, any thread: fit for a health check.
   */
  public static void selfCheck() {
    load();
    CoreStatus.check(PartitaCore.ptc_self_check());
  }

  /** CRC32C (Castagnoli) of native memory, continuing from {@code crc} (0 to begin). */
  public static int crc32c(int crc, long address, long byteSize) {
    load();
    return PartitaCore.ptc_crc32c(crc, new NativeBlock.Address(address, byteSize), byteSize);
  }
}
