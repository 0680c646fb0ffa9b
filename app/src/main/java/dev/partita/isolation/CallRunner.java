// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.objectstore.ObjectStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls in threads of its own, as many at once as allowed, in the order of their arrival: the
 * same in a server's thread worker and in a child.
 */
final class CallRunner {
  /** Native code runs on it. */
  private static final long STACK_BYTES = 4 << 20;

  private final String worker;
  private final Works works;
  private final ObjectStore store;
  private final BiConsumer<Long, Outcome> ended;
  private final Consumer<OutOfMemoryError> fatal;
  private final ThreadPoolExecutor threads;
  private final Map<Long, Running> running = new ConcurrentHashMap<>();

  /**
   * @param ended told the outcome of each call, in the thread that ran it
   * @param fatal told first when memory has run out
   */
  CallRunner(WorkerSetup setup, BiConsumer<Long, Outcome> ended, Consumer<OutOfMemoryError> fatal) {
    this.worker = setup.name();
    this.works = setup.works();
    this.store = setup.store();
    this.ended = ended;
    this.fatal = fatal;
    AtomicLong count = new AtomicLong();
    threads =
        new ThreadPoolExecutor(
            setup.concurrency(),
            setup.concurrency(),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              String name = "partita-" + worker + "-" + count.incrementAndGet();
              Thread thread = new Thread(null, task, name, STACK_BYTES);
              thread.setDaemon(true);
              thread.setContextClassLoader(Work.class.getClassLoader());
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    threads.setRejectedExecutionHandler((late, stopped) -> ((Running) late).refuse());
  }

  void start(long number, Call call) {
    Running run = new Running(number, call);
    running.put(number, run);
    threads.execute(run);
  }

  /** Interrupts the call if it runs; if it waits, it will find itself cancelled. */
  void cancel(long number) {
    Running run = running.get(number);
    if (run != null) {
      run.cancel();
    }
  }

  /** Nothing begins any more, and what runs is interrupted. */
  void stop() {
    running.values().forEach(Running::cancel);
    threads.shutdownNow().forEach(waiting -> ((Running) waiting).refuse());
  }

  private final class Running implements Runnable, WorkContext {
    private final long number;
    private final Call call;
    private volatile boolean cancelled;
    private @Nullable Thread thread;

    Running(long number, Call call) {
      this.number = number;
      this.call = call;
    }

    @Override
    public void run() {
      Outcome outcome;
      try {
        begin();
        outcome = new Outcome.Done(works.named(call.work()).run(call, this));
      } catch (Throwable thrown) {
        if (thrown instanceof OutOfMemoryError error) {
          fatal.accept(error);
        }
        outcome = Outcome.failed(call.work(), thrown);
      } finally {
        end();
      }
      running.remove(number);
      ended.accept(number, outcome);
    }

    private void refuse() {
      running.remove(number);
      ended.accept(
          number, Outcome.failed(call.work(), new RejectedExecutionException("the worker ended")));
    }

    private synchronized void begin() throws InterruptedException {
      if (cancelled) {
        throw new InterruptedException("cancelled before it began");
      }
      thread = Thread.currentThread();
    }

    /** From here on a late cancel cannot hit the next call of this thread. */
    private synchronized void end() {
      thread = null;
      Thread.interrupted();
    }

    synchronized void cancel() {
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    @Override
    public ObjectStore store() {
      return store;
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }

    @Override
    public String worker() {
      return worker;
    }
  }
}
