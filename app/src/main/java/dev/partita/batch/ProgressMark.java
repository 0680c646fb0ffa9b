// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * How far one step or partition got: eight bytes of a mapped file. Moving it costs a store to
 * memory, and the kernel keeps it when the process is killed (not when the machine loses power).
 * What is committed stands in the database; this tells how much beyond it had been computed. Any
 * thread.
 */
final class ProgressMark {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final @Nullable MappedByteBuffer memory;
  private final long former;
  private long furthest = -1;

  private ProgressMark(@Nullable MappedByteBuffer memory) {
    this.memory = memory;
    this.former = memory == null ? 0 : memory.getLong(0);
  }

  /** Takes up the mark in {@code file}, or begins it; where the disk refuses, nothing is kept. */
  static ProgressMark open(Path file) {
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        if (channel.size() < Long.BYTES) {
          // Written, not only mapped: a full disk then says so here and not at a store to memory.
          channel.write(ByteBuffer.allocate(Long.BYTES), 0);
        }
        return new ProgressMark(channel.map(MapMode.READ_WRITE, 0, Long.BYTES));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Progress is not marked in {0}: {1}", file, e);
      return new ProgressMark(null);
    }
  }

  /** The furthest a former execution got; 0 if there was none or it is not known. */
  long former() {
    return former;
  }

  /** Moves the mark; the first call of an execution also moves it back to where that goes on. */
  synchronized void reach(long done) {
    if (done > furthest) {
      furthest = done;
      if (memory != null) {
        memory.putLong(0, done);
      }
    }
  }
}
