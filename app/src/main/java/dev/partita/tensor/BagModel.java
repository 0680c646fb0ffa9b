// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.List;

/**
 * A linear classifier over the mean of feature embeddings: {@code logits = mean(E[ids]) Wᵀ + b},
 * trained with cross-entropy. Parameters are float32 in native memory: {@code embedding.weight}
 * [buckets, dim], {@code head.weight} [classes, dim], {@code head.bias} [classes]; the two of the
 * head lie behind each other and are what the others call the dense parameters.
 *
 * <p>Any number of threads may compute gradients or probabilities at once, as long as nobody
 * updates the parameters meanwhile. Results depend on the batch and the parameters only, bit for
 * bit.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class BagModel implements AutoCloseable {
  private BagModel() {}

  /** A new model; the same seed gives the same bits. */
  public static BagModel create(int buckets, int dim, int classes, long seed) {
    throw new UnsupportedOperationException("being written");
  }

  public int buckets() {
    throw new UnsupportedOperationException("being written");
  }

  public int dim() {
    throw new UnsupportedOperationException("being written");
  }

  public int classes() {
    throw new UnsupportedOperationException("being written");
  }

  /** Number of dense parameters: {@code classes * dim + classes}. */
  public int denseLength() {
    throw new UnsupportedOperationException("being written");
  }

  /** The parameters, for checkpoints. */
  public List<NamedRegion> parameters() {
    throw new UnsupportedOperationException("being written");
  }

  /** An empty gradient for {@link #gradient(FeatureBatch, int[], float, ShardGradient)}. */
  public ShardGradient newGradient() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Forward and backward over one micro-shard: the gradient of {@code scale * sum of losses}. The
   * caller closes the result.
   *
   * @param labels class of each text, [batch], 0 to classes - 1
   * @param scale usually 1 / global batch, so that the merged gradient is that of the mean loss
   */
  public ShardGradient gradient(FeatureBatch batch, int[] labels, float scale) {
    ShardGradient gradient = newGradient();
    gradient(batch, labels, scale, gradient);
    return gradient;
  }

  /** As above, into a gradient of the caller's; its former content is replaced. */
  public void gradient(FeatureBatch batch, int[] labels, float scale, ShardGradient into) {
    throw new UnsupportedOperationException("being written");
  }

  /** Class probabilities, [batch, classes], row-major. */
  public float[] probabilities(FeatureBatch batch) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {}
}
