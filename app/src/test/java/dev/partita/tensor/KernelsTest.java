// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The faces of the kernels with numbers that can be worked out by hand or in double. */
class KernelsTest {
  private KernelThreads threads;
  private long heldBefore;

  @BeforeEach
  void open() {
    heldBefore = NativeMemory.heldBytes();
    threads = KernelThreads.of(2, Duration.ofSeconds(60));
  }

  @AfterEach
  void nothingIsLeft() {
    threads.close();
    assertThat(NativeMemory.heldBytes()).isEqualTo(heldBefore);
  }

  private static void assertClose(NativeArray values, double... expected) {
    float[] actual = values.toFloats();
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(2e-6));
    }
  }

  @Test
  void valuesAreRoundedToTheNarrowTypesAndBack() {
    try (NativeArray values = NativeArray.of(1f, -2.5f, 1.0039062f, 100f);
        NativeArray narrow = NativeArray.zeros(DataType.BFLOAT16, 4);
        NativeArray bytes = NativeArray.zeros(DataType.INT8, 4);
        NativeArray back = NativeArray.zeros(DataType.FLOAT32, 4)) {
      Conversions.convert(threads, values, narrow);
      // 1 + 2^-8 lies between two bfloat16 and goes to the even one.
      assertThat(narrow.toFloats()).containsExactly(1f, -2.5f, 1f, 100f);
      float scale = Conversions.largestMagnitude(threads, values) / 127;
      Conversions.convert(threads, values, bytes, scale);
      Conversions.convert(threads, bytes, back, scale);
      assertClose(back, scale, -3 * scale, scale, 100);
      assertThatThrownBy(() -> Conversions.convert(threads, values, bytes))
          .hasMessageContaining("scale");
    }
  }

  @Test
  void rowsComeByIndexAndAWrongIndexIsNamed() {
    try (NativeArray rows = NativeArray.of(0, 1, 10, 11, 20, 21);
        NativeArray some = NativeArray.zeros(DataType.FLOAT32, 6)) {
      Conversions.gatherRows(threads, rows, 2, new long[] {2, 0, 2}, some);
      assertThat(some.toFloats()).containsExactly(20, 21, 0, 1, 20, 21);
      assertThatThrownBy(() -> Conversions.gatherRows(threads, rows, 2, new long[] {0, 3, 1}, some))
          .isInstanceOfSatisfying(
              PartitaException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContaining("3");
    }
  }

  @Test
  void crossEntropyIsTheLogarithmOfTheSoftmaxAndItsGradientSumsToZero() {
    try (NativeArray logits = NativeArray.of(1f, 2f, 3f, 5f, 5f, 5f);
        NativeArray losses = NativeArray.zeros(DataType.FLOAT32, 2);
        NativeArray gradient = NativeArray.zeros(DataType.FLOAT32, 6)) {
      Losses.softmaxCrossEntropy(threads, logits, new long[] {2, -1}, 0.5f, losses, gradient);
      double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
      assertClose(losses, Math.log(sum) - 3, 0);
      assertClose(
          gradient,
          0.5 * Math.exp(1) / sum,
          0.5 * Math.exp(2) / sum,
          0.5 * (Math.exp(3) / sum - 1),
          0,
          0,
          0);
    }
  }

  @Test
  void normsGiveMeanZeroAndTheGradientOfAConstantIsZero() {
    try (NativeArray x = NativeArray.of(1, 2, 3, 4);
        NativeArray gamma = NativeArray.of(1, 1, 1, 2);
        NativeArray beta = NativeArray.of(0, 0, 0, 1);
        NativeArray y = NativeArray.zeros(DataType.FLOAT32, 4);
        NativeArray mean = NativeArray.zeros(DataType.FLOAT32, 1);
        NativeArray rstd = NativeArray.zeros(DataType.FLOAT32, 1);
        NativeArray ones = NativeArray.of(1, 1, 1, 1);
        NativeArray dX = NativeArray.zeros(DataType.FLOAT32, 4);
        NativeArray dGamma = NativeArray.zeros(DataType.FLOAT32, 4);
        NativeArray dBeta = NativeArray.zeros(DataType.FLOAT32, 4)) {
      Norms.layerNorm(threads, x, gamma, beta, 0f, y, mean, rstd);
      double r = 1 / Math.sqrt(1.25);
      assertClose(mean, 2.5);
      assertClose(y, -1.5 * r, -0.5 * r, 0.5 * r, 3 * r + 1);
      Norms.layerNormBackward(threads, ones, x, ones, mean, rstd, dX, dGamma, dBeta);
      assertClose(dX, 0, 0, 0, 0);
      assertClose(dGamma, -1.5 * r, -0.5 * r, 0.5 * r, 1.5 * r);
      assertClose(dBeta, 1, 1, 1, 1);

      Norms.rmsNorm(threads, x, ones, 0f, y, rstd);
      double s = 1 / Math.sqrt(7.5);
      assertClose(y, s, 2 * s, 3 * s, 4 * s);
      Norms.rmsNormBackward(threads, x, x, ones, rstd, dX, dGamma);
      assertClose(dX, 0, 0, 0, 0); // along x the norm does not change
      assertClose(dGamma, s, 4 * s, 9 * s, 16 * s);
    }
  }

  @Test
  void activationsAreThoseOfTheirFormulas() {
    double sigmoidOfOne = 1 / (1 + Math.exp(-1));
    try (NativeArray x = NativeArray.of(1, 0, -1);
        NativeArray up = NativeArray.of(2, 3, 4);
        NativeArray y = NativeArray.zeros(DataType.FLOAT32, 3);
        NativeArray z = NativeArray.zeros(DataType.FLOAT32, 3)) {
      Activations.gelu(threads, Activations.Gelu.ERF, x, y);
      assertClose(y, 0.8413447460685429, 0, -0.15865525393145707);
      Activations.geluBackward(threads, Activations.Gelu.ERF, up, x, y);
      assertClose(y, 2 * 1.0833154705876864, 1.5, 4 * -0.08331547058768643);
      Activations.gelu(threads, Activations.Gelu.TANH, x, y);
      assertClose(y, 0.8411919906082768, 0, -0.15880800939172324);
      Activations.swiglu(threads, x, up, y);
      assertClose(y, 2 * sigmoidOfOne, 0, -4 * (1 - sigmoidOfOne));
      Activations.swigluBackward(threads, x, x, up, y, z);
      assertClose(z, sigmoidOfOne, 0, 1 - sigmoidOfOne);
    }
  }

  @Test
  void dropoutKeepsItsShareAndTheSameBitsForTheSameSeed() {
    int n = 100_000;
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1f);
    try (NativeArray x = NativeArray.of(ones);
        NativeArray y = NativeArray.zeros(DataType.FLOAT32, n)) {
      Activations.dropout(threads, x, 0.25f, 7, 1, y);
      float[] first = y.toFloats();
      int kept = 0;
      for (float value : first) {
        assertThat(value == 0f || value == 4 / 3f).isTrue();
        kept += value != 0f ? 1 : 0;
      }
      assertThat(kept / (double) n).isCloseTo(0.75, within(0.01));
      Activations.dropout(KernelThreads.CALLER, x, 0.25f, 7, 1, y);
      assertThat(y.toFloats()).isEqualTo(first);
      Activations.dropout(threads, x, 0.25f, 7, 2, y);
      assertThat(y.toFloats()).isNotEqualTo(first);
    }
  }

  @Test
  void arraysThatDoNotFitAreRefusedBeforeAnythingIsTouched() {
    try (NativeArray three = NativeArray.of(1, 2, 3);
        NativeArray two = NativeArray.of(1, 2)) {
      assertThatThrownBy(() -> Activations.gelu(threads, Activations.Gelu.ERF, three, two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("FLOAT32[2] where FLOAT32[3] belongs");
      assertThatThrownBy(() -> three.slice(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
    NativeArray closed = NativeArray.of(1f);
    closed.close();
    assertThatThrownBy(closed::toFloats).isInstanceOf(IllegalStateException.class);
  }
}
