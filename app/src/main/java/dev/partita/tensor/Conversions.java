// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;

/** One type of stored value into another, and rows by index. At the speed of memory. */
public final class Conversions {
  private Conversions() {}

  /** Rounds to nearest, ties to even; neither side is int8. */
  public static void convert(KernelThreads threads, NativeArray from, NativeArray to) {
    if (from.type() == DataType.INT8 || to.type() == DataType.INT8) {
      throw new IllegalArgumentException("int8 needs a scale");
    }
    convert(threads, from, to, 1f);
  }

  /**
   * As above, also to and from int8, which holds {@code value / scale} cut to -127 … 127, NaN as 0.
   *
   * @param scale finite and above 0
   */
  public static void convert(KernelThreads threads, NativeArray from, NativeArray to, float scale) {
    to.require(to.type(), from.count());
    CoreStatus.check(
        PartitaCore.ptc_convert(
            threads.pool(),
            from.type().code(),
            from.pointer(),
            to.type().code(),
            to.pointer(),
            from.count(),
            scale));
  }

  /** The largest absolute value; 0 of nothing, NaN if there is one. By 127 it is int8's scale. */
  public static float largestMagnitude(KernelThreads threads, NativeArray values) {
    float[] largest = new float[1];
    CoreStatus.check(
        PartitaCore.ptc_largest_magnitude(
            threads.pool(), values.type().code(), values.pointer(), values.count(), largest));
    return largest[0];
  }

  /**
   * Row {@code index[k]} of {@code from} becomes row k of {@code to}.
   *
   * @param rowLength values of a row; both arrays hold whole rows
   */
  public static void gatherRows(
      KernelThreads threads, NativeArray from, long rowLength, long[] index, NativeArray to) {
    to.require(from.type(), index.length * rowLength);
    CoreStatus.check(
        PartitaCore.ptc_gather_rows(
            threads.pool(),
            from.pointer(),
            from.count() / rowLength,
            rowLength * from.type().byteSize(),
            index,
            index.length,
            to.pointer()));
  }
}
