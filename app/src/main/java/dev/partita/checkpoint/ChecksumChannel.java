// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/** Counts and sums what passes; refuses more once {@code abandoned} says so. For one thread. */
final class ChecksumChannel implements WritableByteChannel {
  private final WritableByteChannel target;
  private final BooleanSupplier abandoned;
  private final CRC32C crc = new CRC32C();
  private long bytes;

  ChecksumChannel(WritableByteChannel target, BooleanSupplier abandoned) {
    this.target = target;
    this.abandoned = abandoned;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (abandoned.getAsBoolean()) {
      throw new AbandonedException();
    }
    ByteBuffer written = source.duplicate();
    int count = target.write(source);
    written.limit(written.position() + count);
    bytes += count;
    crc.update(written);
    return count;
  }

  long bytes() {
    return bytes;
  }

  String crc32c() {
    return hex(crc);
  }

  static String hex(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }

  /** A newer checkpoint is wanted instead of the one being written. */
  static final class AbandonedException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
