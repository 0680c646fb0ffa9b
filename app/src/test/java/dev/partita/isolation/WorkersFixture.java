// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.IsolationConfig.Kind;
import dev.partita.config.PartitaConfig;
import dev.partita.config.TestConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.Budget;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.ObjectStore;
import dev.partita.objectstore.SharedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Workers of both kinds over one arena. */
final class WorkersFixture implements AutoCloseable {
  static final long MIB = 1L << 20;

  final SharedStore shared;
  final Workers workers;

  WorkersFixture(Path folder, Map<String, String> keys) {
    Map<String, String> all = new HashMap<>(keys);
    all.put("partita.output.dir", made(folder).toString());
    all.putIfAbsent("partita.store.arena-bytes", Long.toString(8 * MIB));
    all.putIfAbsent("partita.isolation.heap-bytes", Long.toString(48 * MIB));
    all.putIfAbsent("partita.isolation.private-bytes", Long.toString(400 * MIB));
    PartitaConfig config = TestConfig.with(all);
    shared = new SharedStore(config);
    workers = new Workers(config, shared);
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ObjectStore store() {
    return shared.store();
  }

  Worker start(Kind kind, String name, int concurrency) {
    return value(workers.start(kind, name, workers.options(concurrency)));
  }

  ProcessWorker startProcess(String name) {
    return (ProcessWorker) start(Kind.PROCESS, name, 1);
  }

  ObjectId put(byte... content) {
    return store().put(Budget.STORE, ByteBuffer.wrap(content), new byte[0], Duration.ofSeconds(1));
  }

  /** Waits a while for it. */
  static <T> T value(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** What it fails with, which is one of ours. */
  static PartitaException failure(CompletableFuture<?> future, Duration within) {
    try {
      Object value = future.get(within.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("no failure, but " + value);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PartitaException failure) {
        return failure;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no failure within " + within, e);
    }
  }

  /** The call was lost within a second: why. */
  static WorkerEnd lost(Worker worker, CompletableFuture<?> call) {
    assertThat(failure(call, Duration.ofSeconds(1)).code()).isEqualTo(ErrorCode.WORKER_DIED);
    return value(worker.ended().toCompletableFuture());
  }

  static void signal(String name, long pid) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    try {
      assertThat(kill.waitFor()).as("kill -" + name + " " + pid).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void awaits(Duration within, BooleanSupplier condition) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("comes true within " + within).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    workers.close();
    shared.close();
  }
}
