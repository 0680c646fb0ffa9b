// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/**
 * A named block of float32 values in native memory, row-major, native byte order: what a checkpoint
 * writes and reads back in place. Valid until the object that handed it out is closed.
 *
 * @param name stable across versions, for example {@code embedding.weight}
 * @param address of the first byte
 * @param shape sizes of the dimensions, outermost first
 * @param byteSize product of the shape times 4
 */
public record NamedRegion(String name, long address, List<Long> shape, long byteSize) {
  public NamedRegion {
    shape = List.copyOf(shape);
  }

  /**
   * A direct buffer over part of the region, without a copy, in native byte order; reads and writes
   * go to the model itself.
   */
  public ByteBuffer view(long offsetBytes, int lengthBytes) {
    Objects.checkFromIndexSize(offsetBytes, lengthBytes, byteSize);
    return new NativeBlock.Address(address + offsetBytes, lengthBytes)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }
}
