// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.ProcessMemory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The largest proportional set size of the server, looked at twice a second from its first start to
 * its last end, across kills. Close it.
 */
final class MemoryWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 500;

  private final AtomicLong pid = new AtomicLong();
  private final AtomicLong peakBytes = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "memory-watch");
            thread.setDaemon(true);
            return thread;
          });

  MemoryWatch() {
    clock.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The process to look at from now on. */
  void follow(long newPid) {
    pid.set(newPid);
  }

  long peakMegabytes() {
    return peakBytes.get() >> 20;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void look() {
    ProcessHandle.of(pid.get())
        .map(ProcessMemory::pssBytes)
        .ifPresent(bytes -> peakBytes.accumulateAndGet(bytes, Math::max));
  }
}
