// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_row_gradient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of one micro-shard: sorted unique embedding rows with their summed values, and the
 * dense gradient of the head. Made by {@link BagModel#newGradient()}; reusable; written by one
 * thread at a time, read by any number.
 */
public final class ShardGradient implements AutoCloseable {
  /** Rows, examples, correct and dense floats as int32, the loss as float64. */
  private static final int HEADER_BYTES = 4 * Integer.BYTES + Double.BYTES;

  private final int buckets;
  private final int dim;
  private final int denseLength;
  private final ptc_row_gradient rows = new ptc_row_gradient();
  private final NativeBlock dense;
  private final FloatPointer denseFloats;
  private @Nullable NativeBlock labels;
  private int labelCapacity;
  private @Nullable NativeBlock landing;
  private long landingBytes;
  private double lossSum;
  private int examples;
  private int correct;

  ShardGradient(int buckets, int dim, int denseLength) {
    this.buckets = buckets;
    this.dim = dim;
    this.denseLength = denseLength;
    CoreStatus.check(PartitaCore.ptc_row_gradient_create(dim, rows));
    dense = NativeBlock.ofFloats(denseLength);
    denseFloats = dense.floats(0);
  }

  /** Sum of the losses of the texts, before scaling. */
  public double lossSum() {
    return lossSum;
  }

  /** Number of texts. */
  public int examples() {
    return examples;
  }

  /** Number of texts whose largest logit was that of their label. */
  public int correct() {
    return correct;
  }

  /** Number of different embedding rows that have a gradient. */
  public int rowCount() {
    return PartitaCore.ptc_row_gradient_count(rows());
  }

  /** What {@link #encode} takes. */
  public int encodedBytes(boolean withDense) {
    long values = (withDense ? denseLength : 0) + rowCount() * (1L + dim);
    return Math.toIntExact(HEADER_BYTES + values * Float.BYTES);
  }

  /**
   * Appends all of it, for the same shard's gradient in another process: little-endian, the header,
   * then the dense floats, the row numbers as int32 and their values.
   *
   * @param withDense else without the dense gradient, which keeps its values over there
   * @param into backed by an array, with room for {@link #encodedBytes}
   */
  public void encode(boolean withDense, ByteBuffer into) {
    into.order(ByteOrder.LITTLE_ENDIAN);
    int count = rowCount();
    int denseFloats = withDense ? denseLength : 0;
    into.putInt(count).putInt(examples).putInt(correct).putInt(denseFloats).putDouble(lossSum);
    copyOut(dense(), denseFloats * (long) Float.BYTES, into);
    copyOut(PartitaCore.ptc_row_gradient_rows(rows()), count * (long) Integer.BYTES, into);
    copyOut(PartitaCore.ptc_row_gradient_values(rows()), count * (long) dim * Float.BYTES, into);
  }

  private static void copyOut(Pointer from, long bytes, ByteBuffer into) {
    if (bytes > 0) {
      new NativeBlock.Address(from.address(), bytes)
          .get(into.array(), into.arrayOffset() + into.position(), (int) bytes);
      into.position(into.position() + (int) bytes);
    }
  }

  /**
   * Becomes what was encoded, bit for bit.
   *
   * @param from backed by an array; read up to the end of this gradient
   * @throws IllegalArgumentException if it is not of this model
   */
  public void decode(ByteBuffer from) {
    from.order(ByteOrder.LITTLE_ENDIAN);
    int count = from.getInt();
    int texts = from.getInt();
    int right = from.getInt();
    int denseFloats = from.getInt();
    double loss = from.getDouble();
    if ((denseFloats != denseLength && denseFloats != 0)
        || count < 0
        || from.remaining() < Float.BYTES * (denseFloats + count * (1L + dim))) {
      throw new IllegalArgumentException(
          count + " rows and " + denseFloats + " dense floats are no gradient of this model");
    }
    copyIn(from, dense(), denseFloats * (long) Float.BYTES);
    long rowBytes = count * (long) Integer.BYTES;
    long valueBytes = rowBytes * dim;
    BytePointer landed = landing(rowBytes + valueBytes);
    copyIn(from, landed, rowBytes + valueBytes);
    CoreStatus.check(
        PartitaCore.ptc_row_gradient_assign(
            rows(),
            new IntPointer(landed),
            new FloatPointer(landed.getPointer(rowBytes)),
            count,
            buckets));
    measured(loss, texts, right);
  }

  private static void copyIn(ByteBuffer from, Pointer to, long bytes) {
    new NativeBlock.Address(to.address(), bytes)
        .put(from.array(), from.arrayOffset() + from.position(), (int) bytes);
    from.position(from.position() + (int) bytes);
  }

  private BytePointer landing(long bytes) {
    if (landing == null || landingBytes < bytes) {
      if (landing != null) {
        landing.close();
      }
      landingBytes = bytes + bytes / 2 + Long.BYTES;
      landing = new NativeBlock(landingBytes);
    }
    return new NativeBlock.Address(landing.address(), landingBytes);
  }

  /** The labels in native memory, int64 [batch], as libtorch wants them. */
  LongPointer nativeLabels(int[] values) {
    if (labels == null || labelCapacity < values.length) {
      if (labels != null) {
        labels.close();
      }
      labelCapacity = values.length;
      labels = new NativeBlock(Math.max(1, labelCapacity) * (long) Long.BYTES);
    }
    LongPointer memory = labels.longs();
    for (int i = 0; i < values.length; i++) {
      memory.put(i, values[i]);
    }
    return memory;
  }

  void measured(double lossSum, int examples, int correct) {
    this.lossSum = lossSum;
    this.examples = examples;
    this.correct = correct;
  }

  ptc_row_gradient rows() {
    if (rows.isNull()) {
      throw new IllegalStateException("closed");
    }
    return rows;
  }

  /** float32 [denseLength]. */
  FloatPointer dense() {
    dense.requireOpen();
    return denseFloats;
  }

  @Override
  public void close() {
    PartitaCore.ptc_row_gradient_destroy(rows);
    rows.setNull();
    dense.close();
    denseFloats.setNull();
    if (labels != null) {
      labels.close();
      labels = null;
    }
    if (landing != null) {
      landing.close();
      landing = null;
    }
  }
}
