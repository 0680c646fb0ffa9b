// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * Processes that add dense vectors over Gloo (libtorch's c10d), for models too large to send every
 * shard's gradient to everybody. How a sum associates depends on the number of processes, so it
 * agrees with one process to rounding only. One thread at a time; all make the same calls.
 *
 * <p>The processes find each other by what {@code swap} carries, so nobody listens for that; but
 * Gloo's connections themselves are neither encrypted nor authenticated: give it a network of its
 * own.
 */
public final class GlooGroup implements AutoCloseable {
  private final FileStore store;
  private final ProcessGroupGloo group;
  private final Path file;

  private GlooGroup(FileStore store, ProcessGroupGloo group, Path file) {
    this.store = store;
    this.group = group;
    this.file = file;
  }

  /** Tells all processes what each has to say. */
  @FunctionalInterface
  public interface Swap {
    /** What each process gave, by process; all call it equally often. */
    byte[][] all(byte[] mine);
  }

  /**
   * Connects all processes with each other; blocks until that is done.
   *
   * @param process this one, from 0
   * @param host address of this process that the others reach; ports are the system's choice
   * @param timeout of this, and of all that follows unless it says otherwise
   * @throws PartitaException GANG_ABORTED if they do not find each other
   */
  public static GlooGroup join(
      int process, int processes, String host, Duration timeout, Swap swap) {
    Torch.load();
    Loader.load(torch_gloo.class);
    Path file = rendezvousFile();
    FileStore store = new FileStore(file.toString(), processes);
    store.setTimeout(millis(timeout));
    CompletableFuture<ProcessGroupGloo> connecting =
        CompletableFuture.supplyAsync(
            () -> connect(store, process, processes, host, timeout),
            task -> new Thread(task, "gloo-connect").start());
    try {
      new StoreSwap(store, swap).until(connecting::isDone);
      return new GlooGroup(store, connecting.join(), file);
    } catch (RuntimeException e) {
      throw failed("processes do not find each other", e);
    }
  }

  private static Path rendezvousFile() {
    try {
      return Files.createTempFile("partita-gloo", null);
    } catch (IOException e) {
      throw new PartitaException(ErrorCode.STORAGE_FAILURE, "no temporary file: " + e, e);
    }
  }

  private static ProcessGroupGloo connect(
      FileStore store, int process, int processes, String host, Duration timeout) {
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(millis(timeout));
    options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(host)));
    return new ProcessGroupGloo(store, process, processes, options);
  }

  private static Milliseconds millis(Duration timeout) {
    return new Milliseconds(CoreStatus.millis(timeout));
  }

  /**
   * Every process's values become the sum of all.
   *
   * @param values float32, equally many in each process
   * @throws PartitaException GANG_ABORTED if a process is gone or late; the group is over then
   */
  @SuppressWarnings("try") // the scope is there to be closed
  public void allReduce(NativeArray values, Duration timeout) {
    values.require(DataType.FLOAT32, values.count());
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = Torch.float32(values.pointer(), values.count());
      AllreduceOptions options = new AllreduceOptions().timeout(millis(timeout));
      group.allreduce(new TensorVector(tensor), options)._wait();
    } catch (RuntimeException e) {
      throw failed("an all-reduce over Gloo failed", e);
    }
  }

  private static PartitaException failed(String what, RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse(e.toString());
    return new PartitaException(ErrorCode.GANG_ABORTED, what + ": " + line, e);
  }

  @Override
  public void close() {
    group.close();
    store.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new PartitaException(ErrorCode.STORAGE_FAILURE, "cannot delete " + file + ": " + e, e);
    }
  }
}
