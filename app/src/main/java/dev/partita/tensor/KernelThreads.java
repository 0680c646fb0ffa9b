// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_pool;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Native threads that share the work of a kernel; the bits of the result do not depend on how many.
 * Callers that share one take turns.
 */
public final class KernelThreads implements AutoCloseable {
  /** No threads besides the caller's. Closing it does nothing. */
  public static final KernelThreads CALLER = new KernelThreads(null);

  private final @Nullable ptc_pool pool;

  private KernelThreads(@Nullable ptc_pool pool) {
    this.pool = pool;
  }

  /**
   * Starts so many threads less one.
   *
   * @param threads 1 to 64, the caller's among them
   * @param turn how long a call waits for its turn before it fails with TIMEOUT
   */
  public static KernelThreads of(int threads, Duration turn) {
    NativeCore.load();
    ptc_pool pool = new ptc_pool();
    CoreStatus.check(PartitaCore.ptc_pool_create(threads, CoreStatus.millis(turn), pool));
    return new KernelThreads(pool);
  }

  @Nullable ptc_pool pool() {
    if (pool != null && pool.isNull()) {
      throw new IllegalStateException("closed");
    }
    return pool;
  }

  @Override
  public void close() {
    if (pool != null) {
      PartitaCore.ptc_pool_destroy(pool);
      pool.setNull();
    }
  }
}
