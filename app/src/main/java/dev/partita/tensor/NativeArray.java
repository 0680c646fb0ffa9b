// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

/**
 * Values of one type in native memory, what kernels read and write. Whoever made it closes it; a
 * slice or a view of somebody else's memory is not closed and is valid as long as that memory is.
 * Nothing is locked: one thread writes, or any number read.
 */
public final class NativeArray implements AutoCloseable {
  private final @Nullable NativeBlock owned;
  private final long address;
  private final DataType type;
  private final long count;

  private NativeArray(@Nullable NativeBlock owned, long address, DataType type, long count) {
    this.owned = owned;
    this.address = address;
    this.type = type;
    this.count = count;
  }

  /** Zeros, on a 64-byte boundary, counted in {@link NativeMemory#heldBytes()}. */
  public static NativeArray zeros(DataType type, long count) {
    NativeCore.load();
    if (count < 0) {
      throw new IllegalArgumentException(count + " values: must not be negative");
    }
    NativeBlock block = new NativeBlock(Math.max(1, Math.multiplyExact(count, type.byteSize())));
    return new NativeArray(block, block.address(), type, count);
  }

  /** These values as float32. */
  public static NativeArray of(float... values) {
    NativeArray array = zeros(DataType.FLOAT32, values.length);
    array.floats().put(values);
    return array;
  }

  /**
   * A view of memory that somebody else keeps, for example a model's parameters or a sealed object.
   *
   * @param address of the first value, on a boundary of the type's size
   */
  public static NativeArray at(DataType type, long address, long count) {
    NativeCore.load();
    if (address == 0 || address % type.byteSize() != 0 || count < 0) {
      throw new IllegalArgumentException(count + " values at " + Long.toHexString(address));
    }
    return new NativeArray(null, address, type, count);
  }

  /** A view of {@code count} values from {@code from} on. */
  public NativeArray slice(long from, long count) {
    Objects.checkFromIndexSize(from, count, this.count);
    return new NativeArray(null, address() + from * type.byteSize(), type, count);
  }

  public DataType type() {
    return type;
  }

  public long count() {
    return count;
  }

  public long byteSize() {
    return count * type.byteSize();
  }

  /** Of the first value. */
  public long address() {
    if (owned != null) {
      owned.requireOpen();
    }
    return address;
  }

  /** A copy as float32; not of int8, whose scale is not kept here. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(count)];
    if (type == DataType.FLOAT32) {
      floats().get(values);
      return values;
    }
    try (NativeArray wide = zeros(DataType.FLOAT32, count)) {
      Conversions.convert(KernelThreads.CALLER, this, wide);
      return wide.toFloats();
    }
  }

  Pointer pointer() {
    return new NativeBlock.Address(address(), byteSize());
  }

  FloatPointer floats() {
    require(DataType.FLOAT32, count);
    return new FloatPointer(pointer());
  }

  ShortPointer bfloat16s() {
    require(DataType.BFLOAT16, count);
    return new ShortPointer(pointer());
  }

  /** This array, if it has the type and as many values as a kernel is going to touch. */
  NativeArray require(DataType wanted, long wantedCount) {
    if (type != wanted || count != wantedCount) {
      throw new IllegalArgumentException(
          "%s[%d] where %s[%d] belongs".formatted(type, count, wanted, wantedCount));
    }
    return this;
  }

  @Override
  public void close() {
    if (owned != null) {
      owned.close();
    }
  }
}
