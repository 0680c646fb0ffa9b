// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.ProcessMemory;
import java.io.UncheckedIOException;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The largest proportional set size of the server, looked at twice a second from its first start to
 * its last end, across kills. Close it.
 */
final class MemoryWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 500;

  private final AtomicLong pid = new AtomicLong();
  private final AtomicLong peakBytes = new AtomicLong();
  private final Timer clock = new Timer("memory-watch", true);

  MemoryWatch() {
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            look();
          }
        },
        0,
        PERIOD_MILLIS);
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
    clock.cancel();
  }

  private void look() {
    try {
      ProcessHandle.of(pid.get())
          .map(ProcessMemory::pssBytes)
          .ifPresent(bytes -> peakBytes.accumulateAndGet(bytes, Math::max));
    } catch (UncheckedIOException e) {
      // It ended while it was looked at: the next look finds its successor.
      return;
    }
  }
}
