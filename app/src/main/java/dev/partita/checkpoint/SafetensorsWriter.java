// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.tensor.TensorSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Map;

/**
 * Writes the safetensors layout to a channel, which may lead to another machine (files of this one
 * are written by {@link FileSetWriter}):
 *
 * <pre>
 *   0            8              8+N (a multiple of 8)
 *   | N, u64 LE  | JSON header  | tensor bytes, without gaps, in the order given
 * </pre>
 */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  public static void write(
      WritableByteChannel channel, Map<String, String> metadata, List<TensorBytes> tensors)
      throws IOException {
    writeFully(channel, ByteBuffer.wrap(header(metadata, tensors)));
    for (TensorBytes tensor : tensors) {
      writeFully(channel, tensor.bytes().duplicate());
    }
  }

  private static byte[] header(Map<String, String> metadata, List<TensorBytes> tensors) {
    try (TensorSet set = new TensorSet()) {
      set.file("header.safetensors", metadata);
      for (TensorBytes tensor : tensors) {
        set.add(tensor.name(), tensor.type().name(), tensor.shape(), null);
      }
      return set.header(0);
    }
  }

  /** In pieces, so that a channel that counts or stops does so within a few milliseconds. */
  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + (1 << 20)));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
