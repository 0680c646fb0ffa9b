// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes the safetensors layout:
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
    byte[] header = header(metadata, tensors);
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length).put(header).flip();
    writeFully(channel, start);
    for (TensorBytes tensor : tensors) {
      writeFully(channel, tensor.bytes().duplicate());
    }
  }

  private static byte[] header(Map<String, String> metadata, List<TensorBytes> tensors) {
    JsonObjectBuilder header = Json.createObjectBuilder();
    if (!metadata.isEmpty()) {
      JsonObjectBuilder object = Json.createObjectBuilder();
      metadata.forEach(object::add);
      header.add("__metadata__", object);
    }
    long offset = 0;
    for (TensorBytes tensor : tensors) {
      JsonArrayBuilder shape = Json.createArrayBuilder();
      tensor.shape().forEach(shape::add);
      long end = offset + tensor.bytes().remaining();
      header.add(
          tensor.name(),
          Json.createObjectBuilder()
              .add("dtype", tensor.type().name())
              .add("shape", shape)
              .add("data_offsets", Json.createArrayBuilder().add(offset).add(end)));
      offset = end;
    }
    String json = header.build().toString();
    int padding = -json.getBytes(StandardCharsets.UTF_8).length & 7;
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
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
