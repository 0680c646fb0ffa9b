// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class FusedOptimizerTest {
  private static final float[] WEIGHTS = {0.5f, -1f, 2f};
  private static final float[] GRADIENTS = {0.1f, -0.2f, 0.2f};

  /** A tensor with everything an optimizer keeps beside it. */
  private static final class Tensor implements AutoCloseable {
    final NativeArray weight = NativeArray.of(WEIGHTS);
    final NativeArray m = NativeArray.zeros(DataType.FLOAT32, WEIGHTS.length);
    final NativeArray v = NativeArray.zeros(DataType.FLOAT32, WEIGHTS.length);
    final NativeArray gradient = NativeArray.of(GRADIENTS);
    final NativeArray narrow = NativeArray.zeros(DataType.BFLOAT16, WEIGHTS.length);

    FusedOptimizer optimizer(float decay) {
      return new FusedOptimizer(
          KernelThreads.CALLER,
          List.of(new ParameterUpdate(weight, m, v, gradient, narrow, decay)));
    }

    @Override
    public void close() {
      for (NativeArray array : List.of(weight, m, v, gradient, narrow)) {
        array.close();
      }
    }
  }

  @Test
  void adamWIsThatOfThePaper() {
    try (Tensor tensor = new Tensor();
        FusedOptimizer optimizer = tensor.optimizer(0.1f)) {
      double[] w = {0.5, -1, 2};
      double[] m = new double[3];
      double[] v = new double[3];
      for (int step = 1; step <= 3; step++) {
        optimizer.adamW(1f, 0.01f, AdamWConfig.DEFAULT, step);
        for (int i = 0; i < 3; i++) {
          m[i] = 0.9 * m[i] + 0.1 * GRADIENTS[i];
          v[i] = 0.999 * v[i] + 0.001 * GRADIENTS[i] * GRADIENTS[i];
          double direction =
              m[i]
                  / (1 - Math.pow(0.9, step))
                  / (Math.sqrt(v[i] / (1 - Math.pow(0.999, step))) + 1e-8);
          w[i] = w[i] * (1 - 0.01 * 0.1) - 0.01 * direction;
        }
      }
      float[] weights = tensor.weight.toFloats();
      float[] narrow = tensor.narrow.toFloats();
      for (int i = 0; i < 3; i++) {
        assertThat((double) weights[i]).isCloseTo(w[i], within(1e-6));
        assertThat(narrow[i]).isCloseTo(weights[i], within(Math.abs(weights[i]) / 256));
      }
    }
  }

  @Test
  void gradientsAreUnscaledAndClippedToTheNormOfAllTensors() {
    try (Tensor tensor = new Tensor();
        FusedOptimizer optimizer = tensor.optimizer(0f)) {
      double squares = optimizer.gradientSquareSum();
      assertThat(squares).isCloseTo(0.09, within(1e-8));
      assertThat(FusedOptimizer.factor(squares, 1f, 0f)).isEqualTo(1f);
      // Scaled by 2 they had the norm 0.3 and so are of norm 0.15; 0.05 is a third.
      float factor = FusedOptimizer.factor(squares, 2f, 0.05f);
      assertThat(factor).isCloseTo(0.5f / 3, within(1e-6f));
      optimizer.sgd(factor, 1f, 0f, false);
      assertThat(tensor.weight.toFloats()[0]).isCloseTo(0.5f - 0.1f * factor, within(1e-6f));
      assertThat(FusedOptimizer.factor(Double.POSITIVE_INFINITY, 1f, 0f)).isNaN();
    }
  }

  @Test
  void anOverflowedIterationChangesNothing() {
    try (Tensor tensor = new Tensor();
        FusedOptimizer optimizer = tensor.optimizer(0.1f)) {
      optimizer.adamW(Float.NaN, 0.01f, AdamWConfig.DEFAULT, 1);
      optimizer.sgd(Float.NaN, 0.01f, 0.9f, true);
      assertThat(tensor.weight.toFloats()).isEqualTo(WEIGHTS);
      assertThat(tensor.m.toFloats()).containsOnly(0f);
    }
  }

  @Test
  void momentumGathersGradients() {
    try (Tensor tensor = new Tensor();
        FusedOptimizer optimizer = tensor.optimizer(0f)) {
      optimizer.sgd(1f, 0.1f, 0.9f, false);
      optimizer.sgd(1f, 0.1f, 0.9f, false);
      assertThat(tensor.weight.toFloats()[0])
          .isCloseTo(0.5f - 0.1f * (0.1f + 0.19f), within(1e-6f));
    }
  }

  @Test
  void muonMovesAMatrixAlongAnOrthogonalOne() {
    try (NativeArray weight = NativeArray.zeros(DataType.FLOAT32, 4);
        NativeArray m = NativeArray.zeros(DataType.FLOAT32, 4);
        NativeArray gradient = NativeArray.of(3f, 0f, 0f, 0.5f);
        FusedOptimizer optimizer =
            new FusedOptimizer(
                KernelThreads.CALLER,
                List.of(new ParameterUpdate(weight, m, null, gradient, null, 0f)))) {
      optimizer.muon(0, 2, 1f, 1f, 0.95f);
      float[] moved = weight.toFloats();
      // Singular values near 1 (0.7 to 1.2), times 0.2 sqrt(2), whatever those of the gradient
      // were.
      assertThat(-moved[0] / (0.2 * Math.sqrt(2))).isBetween(0.6, 1.3);
      assertThat(-moved[3] / (0.2 * Math.sqrt(2))).isBetween(0.6, 1.3);
      assertThat(moved[1]).isCloseTo(0f, within(1e-6f));
    }
  }
}
