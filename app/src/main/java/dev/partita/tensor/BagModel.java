// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;

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
public final class BagModel implements AutoCloseable {
  /** Embeddings and the head's weights begin uniform within ± this; biases begin at zero. */
  private static final float INITIAL_RANGE = 0.3f;

  private final int buckets;
  private final int dim;
  private final int classes;
  private final NativeBlock memory;
  private final FloatPointer embedding;
  private final FloatPointer dense;
  private final BagGraph graph;

  private BagModel(int buckets, int dim, int classes) {
    this.buckets = buckets;
    this.dim = dim;
    this.classes = classes;
    memory = NativeBlock.ofFloats(embeddingLength() + denseLength());
    embedding = memory.floats(0);
    dense = memory.floats(embeddingLength());
    graph = new BagGraph(this);
  }

  /** A new model; the same seed gives the same bits. */
  public static BagModel create(int buckets, int dim, int classes, long seed) {
    checkSize("buckets", buckets, 1 << 30);
    checkSize("dim", dim, 65_536);
    checkSize("classes", classes, 1_000_000);
    NativeCore.load();
    BagModel model = new BagModel(buckets, dim, classes);
    // One sequence over both: the head's weights lie right behind the embedding.
    CoreStatus.check(
        PartitaCore.ptc_fill_uniform(
            model.embedding,
            model.embeddingLength() + (long) classes * dim,
            seed,
            -INITIAL_RANGE,
            INITIAL_RANGE));
    return model;
  }

  private static void checkSize(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + " is " + value + ": must be 1 to " + most);
    }
  }

  public int buckets() {
    return buckets;
  }

  public int dim() {
    return dim;
  }

  public int classes() {
    return classes;
  }

  /** Number of dense parameters: {@code classes * dim + classes}. */
  public int denseLength() {
    return classes * dim + classes;
  }

  private long embeddingLength() {
    return (long) buckets * dim;
  }

  /** The parameters, for checkpoints. */
  public List<NamedRegion> parameters() {
    long head = embeddingLength();
    long weights = (long) classes * dim;
    return List.of(
        memory.region("embedding.weight", 0, (long) buckets, (long) dim),
        memory.region("head.weight", head, (long) classes, (long) dim),
        memory.region("head.bias", head + weights, (long) classes));
  }

  /** An empty gradient for {@link #gradient(FeatureBatch, int[], float, ShardGradient)}. */
  public ShardGradient newGradient() {
    return new ShardGradient(buckets, dim, denseLength());
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
    try {
      gradient(batch, labels, scale, gradient);
      return gradient;
    } catch (RuntimeException e) {
      gradient.close();
      throw e;
    }
  }

  /** As above, into a gradient of the caller's; its former content is replaced. */
  public void gradient(FeatureBatch batch, int[] labels, float scale, ShardGradient into) {
    checkBatch(batch);
    if (labels.length != batch.size() || labels.length == 0) {
      throw new IllegalArgumentException(labels.length + " labels for " + batch.size() + " texts");
    }
    for (int label : labels) {
      Objects.checkIndex(label, classes);
    }
    graph.gradient(batch, labels, scale, into);
  }

  /** Class probabilities, [batch, classes], row-major. */
  public float[] probabilities(FeatureBatch batch) {
    checkBatch(batch);
    return batch.size() == 0 ? new float[0] : graph.probabilities(batch);
  }

  private void checkBatch(FeatureBatch batch) {
    memory.requireOpen();
    if (batch.size() > 0 && batch.buckets() > buckets) {
      throw new IllegalArgumentException(
          "features of " + batch.buckets() + " buckets for a model of " + buckets);
    }
  }

  /** float32 [buckets, dim]. */
  FloatPointer embedding() {
    memory.requireOpen();
    return embedding;
  }

  /** float32 [denseLength]. */
  FloatPointer dense() {
    memory.requireOpen();
    return dense;
  }

  @Override
  public void close() {
    graph.close();
    memory.close();
    embedding.setNull();
    dense.setNull();
  }
}
