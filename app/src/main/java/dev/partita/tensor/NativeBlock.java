// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** Memory of the core: zeroed, counted, on a 64-byte boundary. The opener closes it. */
final class NativeBlock implements AutoCloseable {
  private final Pointer memory = new Pointer();
  private final long byteSize;

  NativeBlock(long byteSize) {
    this.byteSize = byteSize;
    CoreStatus.check(PartitaCore.ptc_alloc(byteSize, memory));
  }

  static NativeBlock ofFloats(long count) {
    return new NativeBlock(count * Float.BYTES);
  }

  long address() {
    requireOpen();
    return memory.address();
  }

  void requireOpen() {
    if (memory.isNull()) {
      throw new IllegalStateException("closed");
    }
  }

  /** A view as float32, beginning at element {@code from}. */
  FloatPointer floats(long from) {
    return new FloatPointer(new Address(address(), byteSize)).getPointer(from);
  }

  /** A view as int64. */
  LongPointer longs() {
    return new LongPointer(new Address(address(), byteSize));
  }

  /** The named part of the given shape that begins at float32 element {@code from}. */
  NamedRegion region(String name, long from, Long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    long start = from * Float.BYTES;
    return new NamedRegion(name, address() + start, List.of(shape), count * Float.BYTES);
  }

  @Override
  public void close() {
    PartitaCore.ptc_free(memory);
    memory.setNull();
  }

  /** Somebody else's memory, seen by JavaCPP. */
  static final class Address extends BytePointer {
    Address(long address, long byteSize) {
      super((Pointer) null);
      this.address = address;
      this.limit = byteSize;
      this.capacity = byteSize;
    }
  }
}
