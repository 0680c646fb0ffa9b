// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/**
 * AdamW for embedding rows: first moment per element, second moment one scalar per row (FBGEMM's
 * "partial row-wise Adam"); only rows that have a gradient are touched. The state covers the whole
 * embedding; ranks that share it may step at once, each with a merge of its own rows.
 */
public final class RowwiseAdamW implements AutoCloseable {
  private final BagModel model;
  private final AdamWConfig config;
  private final NativeBlock moments;
  private final FloatPointer m;
  private final FloatPointer v;

  public RowwiseAdamW(BagModel model, AdamWConfig config) {
    this.model = model;
    this.config = config;
    long elements = (long) model.buckets() * model.dim();
    moments = NativeBlock.ofFloats(elements + model.buckets());
    m = moments.floats(0);
    v = moments.floats(elements);
  }

  /**
   * Updates the rows that {@code merged} holds.
   *
   * @param iteration counts from 1, for the bias correction
   */
  public void step(GradientMerge merged, float learningRate, long iteration) {
    moments.requireOpen();
    CoreStatus.check(
        PartitaCore.ptc_rowwise_adamw(
            model.embedding(),
            m,
            v,
            model.buckets(),
            merged.rows(),
            learningRate,
            config.beta1(),
            config.beta2(),
            config.epsilon(),
            config.weightDecay(),
            iteration));
  }

  /** The optimizer's state, for checkpoints. */
  public List<NamedRegion> state() {
    long rows = model.buckets();
    long dim = model.dim();
    return List.of(
        moments.region("embedding.adamw.m", 0, rows, dim),
        moments.region("embedding.adamw.v", rows * dim, rows));
  }

  @Override
  public void close() {
    moments.close();
    m.setNull();
    v.setNull();
  }
}
