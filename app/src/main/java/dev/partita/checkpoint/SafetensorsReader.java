// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;

/**
 * Reads a safetensors file that nobody has vouched for through a channel, which may lead to another
 * machine: every size is checked before anything is allocated, the core reads the header, and
 * anything that does not fit throws INVALID_ARGUMENT. The caller closes the channel. A file of this
 * machine is opened by {@link dev.partita.tensor.TensorFile} without copying.
 */
public final class SafetensorsReader {
  /** As in the core. Ours are below 4 KB; a large language model's is some 100 KB. */
  private static final int MAX_HEADER_BYTES = 16 << 20;

  private final SeekableByteChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsReader(SeekableByteChannel channel, SafetensorsHeader header, long dataStart) {
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  public static SafetensorsReader open(SeekableByteChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw bad("a file of " + size + " bytes has no header");
    }
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, 0, length);
    long headerBytes = length.flip().getLong();
    if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > size - 8) {
      throw bad("header length " + headerBytes + " in a file of " + size + " bytes");
    }
    ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
    readFully(channel, 8, json);
    long dataStart = 8 + headerBytes;
    return new SafetensorsReader(
        channel, SafetensorsHeader.parse(json.array(), size - dataStart), dataStart);
  }

  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** The tensors by name, in the file's order of names. */
  public Map<String, SafetensorsHeader.Entry> tensors() {
    return header.tensors();
  }

  /** Fills {@code target}, from its position to its limit, with the whole tensor {@code name}. */
  public void read(String name, ByteBuffer target) throws IOException {
    SafetensorsHeader.Entry entry = tensors().get(name);
    if (entry == null) {
      throw bad("no tensor " + name + ", only " + tensors().keySet());
    }
    if (entry.bytes() != target.remaining()) {
      throw bad(name + " has " + entry.bytes() + " bytes, not " + target.remaining());
    }
    readFully(channel, dataStart + entry.begin(), target);
  }

  private static void readFully(SeekableByteChannel channel, long position, ByteBuffer target)
      throws IOException {
    channel.position(position);
    int end = target.limit();
    while (target.position() < end) {
      // Small pieces: the channel keeps a native copy as large as the largest heap buffer it saw.
      target.limit(Math.min(end, target.position() + (1 << 20)));
      while (target.hasRemaining()) {
        if (channel.read(target) < 0) {
          throw bad("the file ends at byte " + channel.position());
        }
      }
    }
  }

  static PartitaException bad(String reason) {
    return new PartitaException(ErrorCode.INVALID_ARGUMENT, "safetensors: " + reason);
  }
}
