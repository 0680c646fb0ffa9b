// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.config.IsolationConfig;
import dev.partita.config.IsolationConfig.Kind;
import dev.partita.config.PartitaConfig;
import dev.partita.config.StoreConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.isolation.WorkerEnd.Cause;
import dev.partita.objectstore.SharedStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes workers, as {@code partita.isolation} says, and watches over the children. They all end
 * with it. Nothing runs before the first worker is asked for.
 */
@ApplicationScoped
public class Workers implements AutoCloseable {
  private final Set<Worker> open = ConcurrentHashMap.newKeySet();
  private IsolationConfig config;
  private StoreConfig storeConfig;
  private SharedStore store;
  private Path workingDirectory;
  private @Nullable ScheduledExecutorService watch;
  private boolean closed;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected Workers() {}

  @Inject
  public Workers(PartitaConfig config, SharedStore store) {
    this.config = config.isolation();
    this.storeConfig = config.store();
    this.store = store;
    this.workingDirectory = config.outputDirectory();
  }

  /** What the configuration grants a worker. */
  public WorkerOptions options(int concurrency) {
    return new WorkerOptions(concurrency, config.heapBytes(), config.privateBytes());
  }

  /** A worker of the configured kind. See {@link #start(Kind, String, WorkerOptions)}. */
  public CompletableFuture<Worker> start(String name, WorkerOptions options) {
    return start(config.kind(), name, options);
  }

  /**
   * Returns at once; the future ends when the worker is ready, or with WORKER_DIED where a child
   * did not become so in time. Who starts it closes it.
   *
   * @param name for logs and errors
   */
  public CompletableFuture<Worker> start(Kind kind, String name, WorkerOptions options) {
    if (kind == Kind.PROCESS) {
      return startProcess(name, options);
    }
    Works works = Works.load(Workers.class.getClassLoader());
    Worker worker =
        new ThreadWorker(new WorkerSetup(name, works, store.store(), options.concurrency()));
    keep(worker);
    return CompletableFuture.completedFuture(worker);
  }

  private CompletableFuture<Worker> startProcess(String name, WorkerOptions options) {
    store.store(); // the server brokers, not the child
    Duration beat = config.frozenAfter().dividedBy(ProcessWorker.PATIENT_LOOKS);
    Wire.Setup setup =
        new Wire.Setup(
            name,
            options.concurrency(),
            options.privateBytes(),
            beat.dividedBy(2),
            storeConfig.directory(),
            storeConfig.arenaBytes(),
            storeConfig.spillDirectory(),
            storeConfig.openTimeout());
    CompletableFuture<Worker> ready = new CompletableFuture<>();
    try {
      watch().execute(() -> launch(name, options, setup, ready));
    } catch (RejectedExecutionException e) {
      ready.completeExceptionally(notStarted(name, "the server stops", e));
    }
    return ready;
  }

  /**
   * In the thread of the watch and nowhere else: the kernel ends a child with the thread that
   * started it.
   */
  private void launch(
      String name, WorkerOptions options, Wire.Setup setup, CompletableFuture<Worker> ready) {
    Process process;
    try {
      process = ChildCommand.of(options, workingDirectory).start();
    } catch (IOException e) {
      ready.completeExceptionally(notStarted(name, String.valueOf(e.getMessage()), e));
      return;
    }
    ProcessWorker worker = new ProcessWorker(name, process, setup);
    keep(worker);
    WorkerEnd late =
        new WorkerEnd(Cause.NOT_STARTED, "it was not ready within " + config.startTimeout());
    ScheduledExecutorService watch = watch();
    var timeout =
        watch.schedule(
            () -> worker.killUnlessReady(late),
            config.startTimeout().toMillis(),
            TimeUnit.MILLISECONDS);
    long beatMillis = setup.beat().toMillis() * 2;
    var looks =
        watch.scheduleWithFixedDelay(worker::look, beatMillis, beatMillis, TimeUnit.MILLISECONDS);
    worker
        .ended()
        .thenRun(
            () -> {
              timeout.cancel(false);
              looks.cancel(false);
            });
    worker
        .started()
        .whenComplete(
            (started, failure) -> {
              if (failure == null) {
                ready.complete(started);
              } else {
                ready.completeExceptionally(
                    notStarted(name, String.valueOf(failure.getMessage()), failure));
              }
            });
  }

  private static PartitaException notStarted(String name, String why, Throwable cause) {
    return new PartitaException(
        ErrorCode.WORKER_DIED, "worker '" + name + "' did not start: " + why, cause);
  }

  private void keep(Worker worker) {
    open.add(worker);
    worker.ended().thenRun(() -> open.remove(worker));
  }

  /** Workers that have not ended. */
  public int open() {
    return (int) open.stream().filter(worker -> !worker.over()).count();
  }

  private synchronized ScheduledExecutorService watch() {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
    ScheduledExecutorService running = watch;
    if (running == null) {
      running =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "partita-isolation");
                thread.setDaemon(true);
                return thread;
              });
      watch = running;
    }
    return running;
  }

  /** Ends all workers. */
  @Override
  @PreDestroy
  public void close() {
    ScheduledExecutorService running;
    synchronized (this) {
      closed = true;
      running = watch;
    }
    open.parallelStream().forEach(Worker::close);
    if (running != null) {
      running.shutdownNow();
    }
  }
}
