// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.TensorSet;
import dev.partita.tensor.TensorSetWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Into folders of this machine, by the core. */
final class FileSetWriter implements SetWriter {
  /** How soon an abandoned set is noticed. */
  private static final Duration BEAT = Duration.ofMillis(5);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TensorSet set;
  private final TensorSetWriter writer;

  /**
   * @param copied whether begin copies the tensors. One copy, and not two, because a training skips
   *     a checkpoint that falls into the writing of the former one.
   */
  FileSetWriter(List<CheckpointFile> files, boolean copied) {
    this.set = setOf(files);
    try {
      // Not in shards: a registered model is one file.
      this.writer = new TensorSetWriter(set, copied ? 1 : 0, 0);
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
  }

  static TensorSet setOf(List<CheckpointFile> files) {
    TensorSet set = new TensorSet();
    try {
      for (CheckpointFile file : files) {
        set.file(file.name(), file.metadata());
        for (TensorBytes tensor : file.tensors()) {
          set.add(tensor.name(), tensor.type().name(), tensor.shape(), tensor.bytes());
        }
      }
      return set;
    } catch (RuntimeException e) {
      set.close();
      throw e;
    }
  }

  @Override
  public void prepare() {
    writer.prepare();
  }

  @Override
  public void begin(URI folder) {
    writer.begin(Path.of(folder), PATIENCE);
  }

  @Override
  public boolean await(BooleanSupplier abandoned) throws IOException {
    try {
      while (!writer.await(BEAT)) {
        if (abandoned.getAsBoolean()) {
          break;
        }
      }
      if (abandoned.getAsBoolean()) {
        writer.abandon(PATIENCE);
        return false;
      }
      return true;
    } catch (PartitaException e) {
      throw asIo(e);
    }
  }

  @Override
  public Committed commit() throws IOException {
    try {
      TensorSetWriter.Committed committed = writer.commit();
      return new Committed(
          committed.bytes(), HexFormat.of().toHexDigits(committed.manifestCrc32c()));
    } catch (PartitaException e) {
      throw asIo(e);
    }
  }

  /** What the disk refused, as the other stores tell it. */
  private static IOException asIo(PartitaException e) {
    if (e.code() == ErrorCode.STORAGE_FAILURE) {
      return new IOException(e.getMessage(), e);
    }
    throw e;
  }

  @Override
  public void close() {
    writer.close();
    set.close();
  }
}
