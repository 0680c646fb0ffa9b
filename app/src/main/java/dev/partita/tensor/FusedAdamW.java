// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/**
 * AdamW over the dense parameters in one pass; biases do not decay. The state covers all of them;
 * ranks that share it may step at once, each with a merge of its own slice.
 */
public final class FusedAdamW implements AutoCloseable {
  private final BagModel model;
  private final AdamWConfig config;
  private final NativeBlock moments;

  public FusedAdamW(BagModel model, AdamWConfig config) {
    this.model = model;
    this.config = config;
    moments = NativeBlock.ofFloats(2L * model.denseLength());
  }

  /**
   * Updates the slice that {@code merged} holds.
   *
   * @param iteration counts from 1, for the bias correction
   */
  public void step(GradientMerge merged, float learningRate, long iteration) {
    step(merged, merged.denseSlice(), learningRate, iteration);
  }

  /** Updates a slice of what {@code merged} holds; several ranks may, each its own. */
  public void step(GradientMerge merged, Slice slice, float learningRate, long iteration) {
    int firstBias = model.denseLength() - model.classes();
    Slice weights =
        new Slice(slice.from(), Math.max(slice.from(), Math.min(slice.to(), firstBias)));
    Slice biases = new Slice(weights.to(), slice.to());
    step(merged, weights, config.weightDecay(), learningRate, iteration);
    step(merged, biases, 0f, learningRate, iteration);
  }

  private void step(
      GradientMerge merged, Slice slice, float decay, float learningRate, long iteration) {
    if (slice.size() == 0) {
      return;
    }
    FloatPointer m = moments.floats(slice.from());
    FloatPointer v = moments.floats((long) model.denseLength() + slice.from());
    CoreStatus.check(
        PartitaCore.ptc_dense_adamw(
            model.dense().getPointer(slice.from()),
            m,
            v,
            merged.dense().getPointer(slice.from()),
            slice.size(),
            learningRate,
            config.beta1(),
            config.beta2(),
            config.epsilon(),
            decay,
            iteration));
  }

  /** The optimizer's state, for checkpoints. */
  public List<NamedRegion> state() {
    long length = model.denseLength();
    return List.of(
        moments.region("head.adamw.m", 0, length), moments.region("head.adamw.v", length, length));
  }

  @Override
  public void close() {
    moments.close();
  }
}
