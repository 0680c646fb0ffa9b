// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Raw elements behind the JSON (binary tensor extension): little-endian numbers, or texts each with
 * their length, four bytes, before them.
 *
 * @param from first byte
 * @param to behind the last byte
 */
@SuppressWarnings("ArrayRecordComponent")
record BinaryTensor(byte[] body, int from, int to) {

  float[] floats(String name, int count, Datatype datatype) {
    long expected = (long) count * datatype.byteSize();
    if (expected != to - from) {
      throw new InvalidRequestException(
          "input '" + name + "' has " + (to - from) + " bytes, its shape " + expected);
    }
    ByteBuffer in = buffer();
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = datatype == Datatype.FP32 ? in.getFloat() : (float) in.getDouble();
    }
    return values;
  }

  List<byte[]> texts(String name, int count) {
    ByteBuffer in = buffer();
    List<byte[]> texts = new ArrayList<>();
    while (in.remaining() >= Integer.BYTES && texts.size() < count) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new InvalidRequestException(
            "input '" + name + "' has a text of " + length + " bytes where fewer are left");
      }
      if (!Utf8.valid(body, in.position(), in.position() + length)) {
        throw new InvalidRequestException("input '" + name + "' is not UTF-8");
      }
      byte[] text = new byte[length];
      in.get(text);
      texts.add(text);
    }
    if (texts.size() != count || in.hasRemaining()) {
      throw new InvalidRequestException(
          "input '" + name + "' does not hold just the " + count + " texts of its shape");
    }
    return texts;
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(body, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }
}
