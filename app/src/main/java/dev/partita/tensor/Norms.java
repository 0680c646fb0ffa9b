// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;

/**
 * Layer and root-mean-square normalisation of rows. Activations are [rows, columns] of any type but
 * int8; gamma, beta, their gradients [columns] and the statistics [rows] are float32.
 */
public final class Norms {
  private Norms() {}

  /**
   * {@code y = (x - mean) / sqrt(variance + epsilon) * gamma + beta}; y may be x.
   *
   * @param mean receives the rows' means, rstd the inverse deviations: the backward pass wants them
   */
  public static void layerNorm(
      KernelThreads threads,
      NativeArray x,
      NativeArray gamma,
      NativeArray beta,
      float epsilon,
      NativeArray y,
      NativeArray mean,
      NativeArray rstd) {
    long rows = rows(x, y, gamma, rstd);
    beta.require(DataType.FLOAT32, gamma.count());
    mean.require(DataType.FLOAT32, rows);
    CoreStatus.check(
        PartitaCore.ptc_layer_norm(
            threads.pool(),
            x.type().code(),
            x.pointer(),
            gamma.floats(),
            beta.floats(),
            rows,
            gamma.count(),
            epsilon,
            y.pointer(),
            mean.floats(),
            rstd.floats()));
  }

  /** Gradients of the same; dX may be dY, dGamma and dBeta are overwritten. */
  public static void layerNormBackward(
      KernelThreads threads,
      NativeArray dY,
      NativeArray x,
      NativeArray gamma,
      NativeArray mean,
      NativeArray rstd,
      NativeArray dX,
      NativeArray dGamma,
      NativeArray dBeta) {
    long rows = rows(x, dY, gamma, rstd);
    rows(x, dX, dGamma, rstd);
    mean.require(DataType.FLOAT32, rows);
    dBeta.require(DataType.FLOAT32, gamma.count());
    CoreStatus.check(
        PartitaCore.ptc_layer_norm_backward(
            threads.pool(),
            x.type().code(),
            dY.pointer(),
            x.pointer(),
            gamma.floats(),
            mean.floats(),
            rstd.floats(),
            rows,
            gamma.count(),
            dX.pointer(),
            dGamma.floats(),
            dBeta.floats()));
  }

  /** {@code y = x / sqrt(mean of squares + epsilon) * gamma}; y may be x. */
  public static void rmsNorm(
      KernelThreads threads,
      NativeArray x,
      NativeArray gamma,
      float epsilon,
      NativeArray y,
      NativeArray rstd) {
    long rows = rows(x, y, gamma, rstd);
    CoreStatus.check(
        PartitaCore.ptc_rms_norm(
            threads.pool(),
            x.type().code(),
            x.pointer(),
            gamma.floats(),
            rows,
            gamma.count(),
            epsilon,
            y.pointer(),
            rstd.floats()));
  }

  /** Gradients of the same; dX may be dY, dGamma is overwritten. */
  public static void rmsNormBackward(
      KernelThreads threads,
      NativeArray dY,
      NativeArray x,
      NativeArray gamma,
      NativeArray rstd,
      NativeArray dX,
      NativeArray dGamma) {
    long rows = rows(x, dY, gamma, rstd);
    rows(x, dX, dGamma, rstd);
    CoreStatus.check(
        PartitaCore.ptc_rms_norm_backward(
            threads.pool(),
            x.type().code(),
            dY.pointer(),
            x.pointer(),
            gamma.floats(),
            rstd.floats(),
            rows,
            gamma.count(),
            dX.pointer(),
            dGamma.floats()));
  }

  /** The number of rows, if everything fits together. */
  private static long rows(NativeArray x, NativeArray y, NativeArray gamma, NativeArray rstd) {
    long columns = gamma.count();
    long rows = columns == 0 ? 0 : x.count() / columns;
    x.require(x.type(), rows * columns);
    y.require(x.type(), x.count());
    rstd.require(DataType.FLOAT32, rows);
    return rows;
  }
}
