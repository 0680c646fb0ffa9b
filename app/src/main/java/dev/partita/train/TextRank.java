// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.tensor.FeatureBatch;
import dev.partita.tensor.GradientMerge;
import dev.partita.tensor.ShardGradient;
import dev.partita.tensor.Slice;
import java.util.List;

/**
 * One rank of a text training. It computes the gradients of its micro-shards, meets the others, and
 * then updates its own rows of the shared model. For one thread.
 */
final class TextRank implements AutoCloseable {
  private final TextTraining shared;
  private final TextSettings settings;
  private final int rank;
  private final int ranks;
  private final EpochOrder order;
  private final FeatureBatch features = new FeatureBatch();
  private final GradientMerge merge;

  /** The micro-shards of the current iteration. */
  private List<ShardGradient> shards = List.of();

  TextRank(TextTraining shared, TextSettings settings, int rank, int ranks) {
    this.shared = shared;
    this.settings = settings;
    this.rank = rank;
    this.ranks = ranks;
    this.order = new EpochOrder(settings.seed(), shared.texts.size(), settings.globalBatch());
    this.merge = new GradientMerge(shared.model);
  }

  long iterations() {
    return settings.epochs() * order.iterationsPerEpoch();
  }

  long epochOf(long iteration) {
    return order.epochOf(iteration);
  }

  /**
   * Fills the gradients of this rank's contiguous block of micro-shards; returns the batch size.
   */
  int computeGradients(long iteration) {
    int[] rows = order.rows(iteration);
    // The last batch of an epoch may have fewer texts than there are micro-shards.
    int count = Math.min(settings.microShards(), rows.length);
    shards = shared.shards.subList(0, count);
    Slice mine = Slice.of(count, rank, ranks);
    for (int shard = mine.from(); shard < mine.to(); shard++) {
      computeGradient(rows, Slice.of(rows.length, shard, count), shard);
    }
    return rows.length;
  }

  private void computeGradient(int[] rows, Slice part, int shard) {
    long[] addresses = new long[part.size()];
    int[] lengths = new int[part.size()];
    int[] labels = new int[part.size()];
    for (int i = 0; i < part.size(); i++) {
      int row = rows[part.from() + i];
      addresses[i] = shared.texts.address(row);
      lengths[i] = shared.texts.length(row);
      labels[i] = shared.texts.label(row);
    }
    shared.featurizer.featurize(addresses, lengths, features);
    shared.model.gradient(features, labels, 1f / rows.length, shards.get(shard));
  }

  /** Merges everybody's gradients within this rank's slices and updates those parameters. */
  void update(long iteration) {
    float left = 1f - (float) iteration / (float) iterations();
    float learningRate = (float) settings.learningRate() * left;
    merge.rows(shards, Slice.of(settings.buckets(), rank, ranks));
    shared.rowwise.step(merge, learningRate, iteration + 1);
    merge.dense(shards, Slice.of(shared.model.denseLength(), rank, ranks));
    shared.dense.step(merge, learningRate, iteration + 1);
  }

  /** Mean loss of the global batch; after the barrier behind {@link #computeGradients}. */
  double loss(int texts) {
    return shards.stream().mapToDouble(ShardGradient::lossSum).sum() / texts;
  }

  /** Share of the global batch whose label was the likeliest, before the update. */
  double accuracy(int texts) {
    return (double) shards.stream().mapToInt(ShardGradient::correct).sum() / texts;
  }

  @Override
  public void close() {
    merge.close();
    features.close();
  }
}
