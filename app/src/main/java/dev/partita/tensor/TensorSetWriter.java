// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_set_writer;
import java.nio.file.Path;
import java.time.Duration;
import org.bytedeco.javacpp.BytePointer;

/**
 * Writes a set of tensors again and again, each time as it is now, on a thread of the core: {@link
 * #begin}, {@link #await}, {@link #commit}. Before commit returns, a crash leaves garbage without a
 * {@code manifest.json}, or the whole set; after it, the whole set.
 *
 * <p>{@code begin} may be called by one thread while another is in another method; otherwise for
 * one thread at a time. The opener closes, before the set.
 */
public final class TensorSetWriter implements AutoCloseable {
  private final ptc_set_writer handle = new ptc_set_writer();

  /** Size of a committed set without its manifest, and the manifest's checksum. */
  public record Committed(long bytes, int manifestCrc32c) {}

  /**
   * @param copies 2: a set can be begun while another is written; 1: begin waits for that; 0:
   *     nothing is copied, and no tensor may change between begin and the end of await
   * @param shardBytes a file larger than this is cut between tensors; 0: never
   */
  public TensorSetWriter(TensorSet set, int copies, long shardBytes) {
    CoreStatus.checkFile(
        PartitaCore.ptc_set_writer_create(set.handle(), copies, shardBytes, handle));
  }

  /** Makes the memory of the first copy, which costs more than copying does. */
  public void prepare() {
    CoreStatus.checkFile(PartitaCore.ptc_set_writer_prepare(handle()));
  }

  /** Copies the tensors, to be written into {@code folder}; TIMEOUT if no copy became free. */
  public void begin(Path folder, Duration timeout) {
    try (BytePointer path = TensorSet.utf8(folder.toAbsolutePath().toString())) {
      CoreStatus.checkFile(
          PartitaCore.ptc_set_writer_begin(handle(), path, Math.toIntExact(timeout.toMillis())));
    }
  }

  /** Whether all files of the oldest set are on the disk, waiting up to {@code timeout}. */
  public boolean await(Duration timeout) {
    int status = PartitaCore.ptc_set_writer_wait(handle(), Math.toIntExact(timeout.toMillis()));
    if (status == PartitaCore.PTC_TIMEOUT) {
      return false;
    }
    CoreStatus.checkFile(status);
    return true;
  }

  /** Writes the manifest of the set that await found written, and makes all names survive. */
  public Committed commit() {
    long[] bytes = new long[1];
    int[] crc = new int[1];
    CoreStatus.checkFile(PartitaCore.ptc_set_writer_commit(handle(), bytes, crc));
    return new Committed(bytes[0], crc[0]);
  }

  /** Drops what was begun and not committed, and deletes its files. */
  public void abandon(Duration timeout) {
    CoreStatus.checkFile(
        PartitaCore.ptc_set_writer_abandon(handle(), Math.toIntExact(timeout.toMillis())));
  }

  private ptc_set_writer handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  @Override
  public void close() {
    PartitaCore.ptc_set_writer_destroy(handle);
    handle.setNull();
  }
}
