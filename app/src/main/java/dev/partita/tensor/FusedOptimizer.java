// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_update;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

/**
 * Steps of SGD, AdamW and Muon over many tensors in one call and one pass over memory: unscaling,
 * clipping, weight decay, moments, weights and their bfloat16 copies. One thread at a time.
 *
 * <p>Each step multiplies gradients with a factor first, commonly {@link #factor}, and does nothing
 * at all if that is NaN: so an iteration whose gradients overflowed is skipped.
 */
public final class FusedOptimizer implements AutoCloseable {
  private final KernelThreads threads;
  private final List<ParameterUpdate> updates;
  private final ptc_update list;

  public FusedOptimizer(KernelThreads threads, List<ParameterUpdate> updates) {
    NativeCore.load();
    this.threads = threads;
    this.updates = List.copyOf(updates);
    list = new ptc_update(Math.max(1, updates.size()));
    for (int i = 0; i < updates.size(); i++) {
      ParameterUpdate u = updates.get(i);
      list.getPointer(i)
          .weight(u.weight().floats())
          .m(u.m().floats())
          .v(floatsOf(u.v()))
          .gradient(u.gradient().pointer())
          .bfloat16_weight(bfloat16sOf(u.narrowWeight()))
          .count(u.weight().count())
          .gradient_dtype(u.gradient().type().code())
          .weight_decay(u.weightDecay());
    }
  }

  private static @Nullable FloatPointer floatsOf(@Nullable NativeArray array) {
    return array == null ? null : array.floats();
  }

  private static @Nullable ShortPointer bfloat16sOf(@Nullable NativeArray array) {
    return array == null ? null : array.bfloat16s();
  }

  /** Sum of the squares of all gradients as they are; NaN or infinity if there is one. */
  public double gradientSquareSum() {
    double[] sum = new double[1];
    CoreStatus.check(
        PartitaCore.ptc_gradient_square_sum(threads.pool(), open(), updates.size(), sum));
    return sum[0];
  }

  /**
   * What gradients must be multiplied with: {@code 1 / lossScale}, and less where their norm after
   * that is above maxNorm (0: no limit). NaN if squareSum, of all ranks, is not finite.
   */
  public static float factor(double squareSum, float lossScale, float maxNorm) {
    NativeCore.load();
    float[] factor = new float[1];
    CoreStatus.check(PartitaCore.ptc_gradient_factor(squareSum, lossScale, maxNorm, factor));
    return factor[0];
  }

  /**
   * {@code m = momentum * m + g}; the weight goes along m, or with Nesterov along g + momentum * m.
   */
  public void sgd(float factor, float learningRate, float momentum, boolean nesterov) {
    CoreStatus.check(
        PartitaCore.ptc_sgd_step(
            threads.pool(),
            open(),
            updates.size(),
            new float[] {factor},
            learningRate,
            momentum,
            nesterov ? 1 : 0));
  }

  /**
   * AdamW; weight decay is that of each {@link ParameterUpdate}.
   *
   * @param iteration counts from 1
   */
  public void adamW(float factor, float learningRate, AdamWConfig config, long iteration) {
    for (ParameterUpdate update : updates) {
      if (update.v() == null) {
        throw new IllegalArgumentException("AdamW needs a second moment for each tensor");
      }
    }
    CoreStatus.check(
        PartitaCore.ptc_adamw_step(
            threads.pool(),
            open(),
            updates.size(),
            new float[] {factor},
            learningRate,
            config.beta1(),
            config.beta2(),
            config.epsilon(),
            iteration));
  }

  /**
   * Muon (Jordan et al. 2024) with Nesterov momentum and five Newton-Schulz iterations, for one of
   * the tensors, a matrix; its updates are as large as AdamW's, so learning rates carry over.
   *
   * @param index which tensor
   * @param rows, of which each has {@code count / rows} values
   */
  public void muon(int index, long rows, float factor, float learningRate, float momentum) {
    long count = updates.get(index).weight().count();
    if (rows < 1 || count % rows != 0) {
      throw new IllegalArgumentException(count + " values are not " + rows + " rows");
    }
    CoreStatus.check(
        PartitaCore.ptc_muon_step(
            threads.pool(),
            open().getPointer(index),
            rows,
            count / rows,
            new float[] {factor},
            learningRate,
            momentum,
            1,
            5,
            PartitaCore.PTC_MUON_MATCH_ADAMW));
  }

  private ptc_update open() {
    if (list.isNull()) {
      throw new IllegalStateException("closed");
    }
    return list;
  }

  /** Gives back the list; the arrays stay the caller's. */
  @Override
  public void close() {
    list.close();
  }
}
