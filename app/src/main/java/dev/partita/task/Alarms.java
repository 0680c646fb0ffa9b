// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Things to be done later, in one thread, none of which may take long. */
final class Alarms implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.partita.task");

  private final ScheduledThreadPoolExecutor thread;

  Alarms() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(task, "partita-task-alarms");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.setRemoveOnCancelPolicy(true);
  }

  /** May be cancelled; nothing is done after {@link #close}. */
  Future<?> after(Duration delay, Runnable action) {
    try {
      return thread.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return java.util.concurrent.CompletableFuture.failedFuture(e);
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "What was to be done later failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
