// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Memory of the arena, seen by JavaCPP; owns nothing. */
final class NativeView extends BytePointer {
  NativeView(long address, long byteSize) {
    super((Pointer) null);
    this.address = address;
    this.limit = byteSize;
    this.capacity = byteSize;
  }

  /** A direct buffer over part of some memory, in native byte order. */
  static ByteBuffer buffer(long address, long byteSize, long offsetBytes, int lengthBytes) {
    Objects.checkFromIndexSize(offsetBytes, lengthBytes, byteSize);
    if (lengthBytes == 0) {
      return ByteBuffer.allocateDirect(0);
    }
    return new NativeView(address + offsetBytes, lengthBytes)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }
}
