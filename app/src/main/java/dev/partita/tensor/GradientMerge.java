// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_row_gradient;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Sums the gradients of up to eight micro-shards in a fixed tree, {@code
 * ((0+1)+(2+3))+((4+5)+(6+7))}, so that the sum has the same bits whoever computes which part of
 * it. One per rank; reusable; one thread at a time.
 */
public final class GradientMerge implements AutoCloseable {
  /** Most micro-shards that one merge takes. */
  public static final int MAX_SHARDS = 8;

  private final ptc_row_gradient rows = new ptc_row_gradient();
  private final NativeBlock dense;
  private final FloatPointer denseFloats;
  private final PointerPointer<ptc_row_gradient> rowShards = new PointerPointer<>(MAX_SHARDS);
  private final PointerPointer<FloatPointer> denseShards = new PointerPointer<>(MAX_SHARDS);
  private final int buckets;
  private final int dim;
  private final int denseLength;
  private Slice denseSlice = Slice.all(0);

  public GradientMerge(BagModel model) {
    buckets = model.buckets();
    dim = model.dim();
    denseLength = model.denseLength();
    CoreStatus.check(PartitaCore.ptc_row_gradient_create(dim, rows));
    dense = NativeBlock.ofFloats(denseLength);
    denseFloats = dense.floats(0);
  }

  /**
   * Merges the embedding rows inside {@code range}, of {@code [0, buckets)}; the former content is
   * replaced.
   */
  public void rows(List<ShardGradient> shards, Slice range) {
    checkCall(shards, range, buckets);
    for (int i = 0; i < shards.size(); i++) {
      rowShards.put(i, shards.get(i).rows());
    }
    CoreStatus.check(
        PartitaCore.ptc_row_gradient_merge(
            rows(), rowShards, shards.size(), range.from(), range.to()));
  }

  /** Merges the dense gradients inside {@code range}, of {@code [0, denseLength)}. */
  public void dense(List<ShardGradient> shards, Slice range) {
    checkCall(shards, range, denseLength);
    for (int i = 0; i < shards.size(); i++) {
      denseShards.put(i, shards.get(i).dense());
    }
    CoreStatus.check(
        PartitaCore.ptc_dense_merge(dense(), denseShards, shards.size(), range.from(), range.to()));
    denseSlice = range;
  }

  private static void checkCall(List<ShardGradient> shards, Slice range, int total) {
    if (shards.isEmpty() || shards.size() > MAX_SHARDS) {
      throw new IllegalArgumentException(shards.size() + " micro-shards: must be 1 to 8");
    }
    if (range.to() > total) {
      throw new IllegalArgumentException(range + " goes beyond " + total);
    }
  }

  /** Number of embedding rows merged last. */
  public int rowCount() {
    return PartitaCore.ptc_row_gradient_count(rows());
  }

  /** Copies of the merged rows' numbers, sorted. */
  int[] rowNumbers() {
    int[] numbers = new int[rowCount()];
    PartitaCore.ptc_row_gradient_rows(rows()).get(numbers);
    return numbers;
  }

  /** One value of the merged row at {@code index}. */
  float rowValue(int index, int element) {
    return PartitaCore.ptc_row_gradient_values(rows()).get((long) index * dim + element);
  }

  ptc_row_gradient rows() {
    if (rows.isNull()) {
      throw new IllegalStateException("closed");
    }
    return rows;
  }

  /** float32 [denseLength]; only {@link #denseSlice()} of it has been merged. */
  FloatPointer dense() {
    dense.requireOpen();
    return denseFloats;
  }

  /** Zero dense gradients, as of no micro-shard at all. */
  public void noDense() {
    Pointer.memset(dense(), 0, denseLength * (long) Float.BYTES);
    denseSlice = Slice.all(denseLength);
  }

  /** The dense gradients, [denseLength]; of them, the slice merged last counts. */
  public NativeArray denseValues() {
    return NativeArray.at(DataType.FLOAT32, dense().address(), denseLength);
  }

  Slice denseSlice() {
    return denseSlice;
  }

  @Override
  public void close() {
    PartitaCore.ptc_row_gradient_destroy(rows);
    rows.setNull();
    dense.close();
    denseFloats.setNull();
    rowShards.close();
    denseShards.close();
  }
}
