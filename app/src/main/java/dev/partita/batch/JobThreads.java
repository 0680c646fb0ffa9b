// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The two kinds of threads for jobs, apart from the server's own, so that neither starves the
 * other: control (jobs and steps, mostly waiting) and partitions (mostly computing). Both grow with
 * need; {@link Admission} and the {@link PodScheduler} or the leader's bound them.
 */
final class JobThreads implements AutoCloseable {
  /** Enough for nested flows at their greatest depth; native code runs on partition threads. */
  private static final long CONTROL_STACK_BYTES = 512 * 1024;

  private static final long PARTITION_STACK_BYTES = 4 * 1024 * 1024;

  private final ExecutorService control;
  private final ExecutorService partitions;
  private final Executor context;

  /**
   * @param context runs a task on its own thread with the application's class loader, names and
   *     transactions
   */
  JobThreads(Executor context) {
    this.context = context;
    this.control = pool(controlThreads());
    this.partitions = pool(platformThreads("partita-partition-", PARTITION_STACK_BYTES));
  }

  /** For jobs, steps and flows. */
  Executor control() {
    return task -> control.execute(() -> context.execute(task));
  }

  /** For partitions that were granted a slot. */
  Executor partitions() {
    return task -> partitions.execute(() -> context.execute(task));
  }

  @Override
  public void close() {
    control.shutdown();
    partitions.shutdown();
  }

  boolean awaitEnd(long seconds) throws InterruptedException {
    return control.awaitTermination(seconds, TimeUnit.SECONDS);
  }

  private static ExecutorService pool(ThreadFactory threads) {
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
  }

  private static ThreadFactory platformThreads(String prefix, long stackBytes) {
    AtomicLong count = new AtomicLong();
    return task -> {
      Thread thread = new Thread(null, task, prefix + count.incrementAndGet(), stackBytes);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Virtual threads where the Java that runs us has them (21 and newer). */
  private static ThreadFactory controlThreads() {
    if (Runtime.version().feature() >= 21) {
      try {
        Class<?> builder = Class.forName("java.lang.Thread$Builder");
        Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Object made =
            lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual)).invoke();
        made =
            lookup
                .findVirtual(
                    builder, "name", MethodType.methodType(builder, String.class, long.class))
                .invoke(made, "partita-job-", 1L);
        return (ThreadFactory)
            lookup
                .findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
                .invoke(made);
      } catch (Throwable e) {
        throw new LinkageError("Virtual threads are missing from Java " + Runtime.version(), e);
      }
    }
    return platformThreads("partita-job-", CONTROL_STACK_BYTES);
  }
}
