// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.partita.error.PartitaException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BagModelTest {
  private static final int BUCKETS = 64;
  private static final int CLASSES = 3;
  private final TextFeaturizer featurizer = new TextFeaturizer(BUCKETS, 1);
  private final BagModel model = BagModel.create(BUCKETS, 8, CLASSES, 1);
  private final FeatureBatch batch =
      featurizer.featurize(
          List.of("red fox".getBytes(UTF_8), "".getBytes(UTF_8), "a red red dog".getBytes(UTF_8)));
  private final int[] labels = {0, 2, 1};

  @AfterEach
  void close() {
    batch.close();
    model.close();
    featurizer.close();
  }

  private static FloatBuffer floats(NamedRegion region) {
    return region.view(0, (int) region.byteSize()).asFloatBuffer();
  }

  private double loss() {
    float[] p = model.probabilities(batch);
    double loss = 0;
    for (int i = 0; i < labels.length; i++) {
      loss -= Math.log(p[i * CLASSES + labels[i]]);
    }
    return loss;
  }

  @Test
  void gradientsAreThoseOfTheLoss() {
    try (ShardGradient gradient = model.gradient(batch, labels, 1f);
        GradientMerge merge = new GradientMerge(model)) {
      assertThat(gradient.lossSum()).isCloseTo(loss(), within(1e-4));
      assertThat(gradient.examples()).isEqualTo(3);
      merge.rows(List.of(gradient), Slice.all(BUCKETS));
      merge.dense(List.of(gradient), Slice.all(model.denseLength()));
      FloatBuffer embedding = floats(model.parameters().get(0));
      int[] rows = merge.rowNumbers();
      assertThat(rows).isSorted().doesNotHaveDuplicates().hasSizeBetween(5, 10);
      for (int row = 0; row < rows.length; row++) {
        for (int d = 0; d < model.dim(); d++) {
          assertThat(slope(embedding, rows[row] * model.dim() + d))
              .isCloseTo(merge.rowValue(row, d), within(2e-3));
        }
      }
      FloatBuffer weight = floats(model.parameters().get(1));
      FloatBuffer bias = floats(model.parameters().get(2));
      for (int i = 0; i < weight.capacity(); i++) {
        assertThat(slope(weight, i)).isCloseTo(merge.dense().get(i), within(2e-3));
      }
      for (int i = 0; i < CLASSES; i++) {
        assertThat(slope(bias, i))
            .isCloseTo(merge.dense().get(weight.capacity() + (long) i), within(2e-3));
      }
    }
  }

  /** Central difference of the loss. */
  private double slope(FloatBuffer parameters, int at) {
    float value = parameters.get(at);
    float h = 1e-2f;
    parameters.put(at, value + h);
    double above = loss();
    parameters.put(at, value - h);
    double below = loss();
    parameters.put(at, value);
    return (above - below) / (2 * h);
  }

  @Test
  void probabilitiesAddUpToOne() {
    float[] p = model.probabilities(batch);
    assertThat(p).hasSize(9);
    for (int i = 0; i < 3; i++) {
      assertThat(p[3 * i] + p[3 * i + 1] + p[3 * i + 2]).isCloseTo(1f, within(1e-5f));
    }
  }

  @Test
  void severalThreadsGetTheSameBits() throws InterruptedException, ExecutionException {
    float[] expected = model.probabilities(batch);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(threads.submit(() -> model.probabilities(batch)));
      }
      for (Future<float[]> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aSeedFixesTheFirstWeights() {
    try (BagModel same = BagModel.create(BUCKETS, 8, CLASSES, 1);
        BagModel other = BagModel.create(BUCKETS, 8, CLASSES, 2)) {
      assertThat(floats(same.parameters().get(0))).isEqualTo(floats(model.parameters().get(0)));
      assertThat(floats(other.parameters().get(0))).isNotEqualTo(floats(model.parameters().get(0)));
    }
  }

  @Test
  void regionsSayWhereTheParametersAre() {
    assertThat(model.parameters())
        .extracting(NamedRegion::name)
        .containsExactly("embedding.weight", "head.weight", "head.bias");
    assertThat(model.parameters())
        .extracting(NamedRegion::shape)
        .containsExactly(List.of(64L, 8L), List.of(3L, 8L), List.of(3L));
    NamedRegion bias = model.parameters().get(2);
    assertThat(bias.byteSize()).isEqualTo(12);
    assertThatThrownBy(() -> bias.view(4, 12)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void wrongLabelsAndFeaturesAreRefused() {
    assertThatThrownBy(() -> model.gradient(batch, new int[] {0, 1, 3}, 1f))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> model.gradient(batch, new int[] {0}, 1f))
        .isInstanceOf(IllegalArgumentException.class);
    try (TextFeaturizer wide = new TextFeaturizer(2 * BUCKETS, 1);
        FeatureBatch foreign = wide.featurize(List.of("red fox".getBytes(UTF_8)))) {
      assertThatThrownBy(() -> model.probabilities(foreign))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void libtorchFailuresKeepTheirFirstLineOnly() {
    RuntimeException failure =
        CoreStatus.torchFailure("it failed", new RuntimeException("bad shape\nframe #0\nframe #1"));
    assertThat(failure).isInstanceOf(PartitaException.class).hasMessage("it failed: bad shape");
  }

  @Test
  void aClosedModelSaysSo() {
    BagModel closed = BagModel.create(BUCKETS, 8, CLASSES, 1);
    closed.probabilities(batch);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.probabilities(batch)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(closed::parameters).isInstanceOf(IllegalStateException.class);
  }
}
