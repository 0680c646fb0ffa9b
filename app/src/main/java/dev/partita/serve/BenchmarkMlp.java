// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.config.PartitaConfig;
import dev.partita.tensor.MlpModel;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model {@code mlp}: a perceptron 64-256-10 with random weights that answers only where {@code
 * partita.serve.benchmark-mlp} says so. It lets the path of a request be measured with the model
 * that other servers are measured with. Any number of threads.
 */
@ApplicationScoped
public class BenchmarkMlp {
  /** Length of a row of input. */
  public static final int INPUTS = 64;

  /** Length of a row of output. */
  public static final int OUTPUTS = 10;

  private static final String NAME = "mlp";
  private static final int HIDDEN = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final MicroBatcher<float[]> batcher;
  private final boolean enabled;
  private volatile @Nullable MlpModel model;

  /** For the container's proxy. */
  protected BenchmarkMlp() {
    this(false, 1, 1);
  }

  @Inject
  public BenchmarkMlp(PartitaConfig config) {
    this(
        config.serve().benchmarkMlp(),
        config.serve().maxBatchTexts(),
        config.serve().maxQueuedTexts());
  }

  private BenchmarkMlp(boolean enabled, int maxBatch, int maxQueued) {
    this.enabled = enabled;
    batcher = new MicroBatcher<>(maxBatch, maxQueued, PATIENCE, this::compute);
  }

  /** Whether questions to a model of this name are for this one. */
  public boolean serves(String name) {
    return enabled && name.equals(NAME);
  }

  /**
   * The logits, {@code [rows, 10]}, row-major; blocks until the batch they joined is done.
   *
   * @param values {@code [rows, 64]}, row-major
   */
  public float[] logits(float[] values) {
    if (values.length == INPUTS) {
      return batcher.submit(List.of(values));
    }
    float[][] rows = new float[values.length / INPUTS][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * INPUTS, (i + 1) * INPUTS);
    }
    return batcher.submit(List.of(rows));
  }

  /** One batch at a time: the batcher sees to it. */
  private float[] compute(List<float[]> rows) {
    MlpModel ready = model;
    if (ready == null) {
      ready = MlpModel.create(INPUTS, HIDDEN, OUTPUTS, 0);
      model = ready;
    }
    float[] values = new float[rows.size() * INPUTS];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * INPUTS, INPUTS);
    }
    return ready.logits(values);
  }

  @PreDestroy
  void close() {
    MlpModel made = model;
    if (made != null) {
      made.close();
    }
  }
}
