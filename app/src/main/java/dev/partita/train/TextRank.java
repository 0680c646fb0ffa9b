// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.FeatureBatch;
import dev.partita.tensor.GradientMerge;
import dev.partita.tensor.ShardGradient;
import dev.partita.tensor.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One rank of a text training. It computes the gradients of its micro-shards and meets the others;
 * pods give each other the gradients of their micro-shards as they are, so that each of them sums
 * all in the same order, and then its ranks update their rows of its model. For one thread.
 */
final class TextRank implements PodExchange, AutoCloseable {
  private final TextTraining shared;
  private final TextSettings settings;
  private final int rank;
  private final int ranks;
  private final List<Integer> ranksHere;
  private final boolean overGloo;
  private final EpochOrder order;
  private final FeatureBatch features = new FeatureBatch();
  private final GradientMerge merge;

  /** The micro-shards of the current iteration. */
  private List<ShardGradient> shards = List.of();

  private long iteration;

  TextRank(TextTraining shared, TextSettings settings, TrainingContext context) {
    this.shared = shared;
    this.settings = settings;
    this.rank = context.rank();
    this.ranks = context.ranks();
    this.ranksHere = context.ranksHere();
    this.overGloo =
        settings.denseReduce() == TextSettings.DenseReduce.GLOO && ranksHere.size() < ranks;
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
    this.iteration = iteration;
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

  /** Of all ranks of this pod: what the other pods do not have. */
  private List<Integer> shardsHere() {
    return ranksHere.stream()
        .map(here -> Slice.of(shards.size(), here, ranks))
        .flatMap(part -> IntStream.range(part.from(), part.to()).boxed())
        .toList();
  }

  @Override
  public int bytes() {
    long bytes = Long.BYTES;
    for (int shard : shardsHere()) {
      bytes += Integer.BYTES + shards.get(shard).encodedBytes(!overGloo);
    }
    return Math.toIntExact(bytes);
  }

  /** The iteration, then each gradient behind the number of its micro-shard. */
  @Override
  public void give(ByteBuffer into) {
    into.order(ByteOrder.LITTLE_ENDIAN).putLong(iteration);
    for (int shard : shardsHere()) {
      into.putInt(shard);
      shards.get(shard).encode(!overGloo, into);
    }
    if (overGloo) {
      sumDense(shardsHere().stream().map(shards::get).toList());
    }
  }

  private void sumDense(List<ShardGradient> ours) {
    if (ours.isEmpty()) {
      // The last batch of an epoch had too few texts for everybody.
      shared.dense.noDense();
    } else {
      shared.dense.dense(ours, Slice.all(shared.model.denseLength()));
    }
  }

  @Override
  public void take(ByteBuffer from) {
    long theirs = from.order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (theirs != iteration) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "a pod is at iteration " + theirs + ", not at " + iteration);
    }
    while (from.hasRemaining()) {
      shards.get(from.getInt()).decode(from);
    }
  }

  /** After the computation: this pod's ranks and the other pods learn all gradients. */
  void meet(TrainingContext context) {
    context.exchange(this);
    if (overGloo) {
      context.allReduce(shared.dense.denseValues());
    }
  }

  /**
   * Merges everybody's gradients within this rank's slices and updates those parameters of this
   * pod's model.
   */
  void update(long iteration) {
    float left = 1f - (float) iteration / (float) iterations();
    float learningRate = (float) settings.learningRate() * left;
    int part = ranksHere.indexOf(rank);
    int parts = ranksHere.size();
    merge.rows(shards, Slice.of(settings.buckets(), part, parts));
    shared.rowwise.step(merge, learningRate, iteration + 1);
    Slice head = Slice.of(shared.model.denseLength(), part, parts);
    if (!overGloo) {
      merge.dense(shards, head);
    }
    shared.head.step(overGloo ? shared.dense : merge, head, learningRate, iteration + 1);
  }

  /** Mean loss of the global batch; after the exchange behind {@link #computeGradients}. */
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
