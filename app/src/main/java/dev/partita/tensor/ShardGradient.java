// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_row_gradient;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of one micro-shard: sorted unique embedding rows with their summed values, and the
 * dense gradient of the head. Made by {@link BagModel#newGradient()}; reusable; written by one
 * thread at a time, read by any number.
 */
public final class ShardGradient implements AutoCloseable {
  private final ptc_row_gradient rows = new ptc_row_gradient();
  private final NativeBlock dense;
  private final FloatPointer denseFloats;
  private @Nullable NativeBlock labels;
  private int labelCapacity;
  private double lossSum;
  private int examples;
  private int correct;

  ShardGradient(int dim, int denseLength) {
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
  }
}
