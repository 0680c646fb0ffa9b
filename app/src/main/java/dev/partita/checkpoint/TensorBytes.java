// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as bytes, little-endian and row-major.
 *
 * @param name unique within its file
 * @param shape sizes of the dimensions; empty for a scalar
 * @param bytes a view of exactly the tensor's bytes, from position to limit; whoever made it owns
 *     the memory and keeps it alive
 */
public record TensorBytes(String name, DType type, List<Long> shape, ByteBuffer bytes) {
  public TensorBytes {
    long expected = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
    if (expected != bytes.remaining()) {
      throw new IllegalArgumentException(
          name + ": shape " + shape + " needs " + expected + " bytes, not " + bytes.remaining());
    }
  }

  /** A tensor of 32-bit floats. */
  public static TensorBytes floats(String name, ByteBuffer bytes, long... shape) {
    return new TensorBytes(name, DType.F32, Arrays.stream(shape).boxed().toList(), bytes);
  }
}
