// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the checkpoints of one run on a thread of its own, one at a time: the training stands
 * still for a copy in memory only. {@link #begin} and {@link #supersede} are called by one thread
 * at a time, while nobody changes the tensors.
 */
public final class CheckpointWriter implements AutoCloseable {
  private final CheckpointStore store;
  private final CheckpointRun run;
  private final CheckpointListener listener;
  private final ExecutorService thread;
  private final List<CheckpointFile> files;
  private final CompletableFuture<SetWriter> sets;
  private volatile CompletableFuture<@Nullable Checkpoint> current =
      CompletableFuture.completedFuture(null);
  private volatile boolean abandoned;

  /**
   * @param live the tensors themselves; alive and in place until {@link #close} returns
   */
  public CheckpointWriter(
      CheckpointStore store,
      CheckpointRun run,
      List<CheckpointFile> live,
      CheckpointListener listener) {
    this.store = store;
    this.run = run;
    this.listener = listener;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread writer = new Thread(task, "checkpoint-" + run.runId());
              writer.setDaemon(true);
              return writer;
            });
    this.files = List.copyOf(live);
    // Touching all pages of the copy takes about 0.1 s: not on the training's time.
    this.sets = CompletableFuture.supplyAsync(() -> prepared(live), thread);
  }

  private SetWriter prepared(List<CheckpointFile> live) {
    SetWriter writer = store.blobs().setWriter(live, true);
    writer.prepare();
    return writer;
  }

  /** True when {@link #begin} would not wait for a former checkpoint. */
  public boolean idle() {
    return current.isDone() && sets.isDone();
  }

  /** Copies the tensors and returns; the copy is written meanwhile. Waits for a former one. */
  public void begin(CheckpointPoint point) {
    long start = System.nanoTime();
    waitFor(current.exceptionally(alreadyTold -> null), Duration.ofMinutes(5));
    abandoned = false;
    SetWriter writer = waitFor(sets, Duration.ofMinutes(1));
    URI folder = store.newFolder(run, point);
    writer.begin(folder);
    Duration stall = Duration.ofNanos(System.nanoTime() - start);
    current = CompletableFuture.supplyAsync(() -> write(point, folder, writer, stall), thread);
  }

  /** As {@link #begin}, but does not wait: a former checkpoint still being written is dropped. */
  public void supersede(CheckpointPoint point) {
    abandoned = true;
    begin(point);
  }

  /**
   * Waits until the checkpoint begun last is committed.
   *
   * @throws PartitaException what kept it from being written, or TIMEOUT
   */
  public void awaitCommitted(Duration timeout) {
    waitFor(current, timeout);
  }

  private @Nullable Checkpoint write(
      CheckpointPoint point, URI folder, SetWriter writer, Duration stall) {
    long start = System.nanoTime();
    try {
      Checkpoint written =
          store.finish(run, point, folder, writer, files, () -> abandoned).orElse(null);
      if (written != null) {
        listener.written(written, stall, Duration.ofNanos(System.nanoTime() - start));
      }
      return written;
    } catch (RuntimeException e) {
      listener.failed(point.iteration(), e);
      throw e;
    }
  }

  /** Drops what is still being written and ends the thread. */
  @Override
  public void close() {
    abandoned = true;
    if (!thread.isShutdown()) {
      thread.execute(this::closeSets);
    }
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new PartitaException(
            ErrorCode.TIMEOUT, "a checkpoint of run " + run.runId() + " hangs for a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Behind whatever is still to be written. */
  private void closeSets() {
    if (!sets.isCompletedExceptionally()) {
      sets.join().close();
    }
  }

  private static <T extends @Nullable Object> T waitFor(
      CompletableFuture<T> future, Duration timeout) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PartitaException known) {
        throw known;
      }
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "checkpoint not written: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new PartitaException(ErrorCode.TIMEOUT, "checkpoint not written after " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(
          ErrorCode.TIMEOUT, "interrupted while a checkpoint was written", e);
    }
  }
}
