// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A small text problem: each class has words of its own, among words that all share. */
final class TrainingFixture implements AutoCloseable {
  static final int BUCKETS = 1 << 12;
  static final int DIM = 16;
  static final int CLASSES = 5;
  static final int SHARDS = 8;
  private static final int TEXTS = 16;

  final BagModel model = BagModel.create(BUCKETS, DIM, CLASSES, 42);
  final RowwiseAdamW rowwise = new RowwiseAdamW(model, AdamWConfig.DEFAULT);
  final FusedAdamW fused = new FusedAdamW(model, AdamWConfig.DEFAULT);
  private final TextFeaturizer featurizer = new TextFeaturizer(BUCKETS, 1);
  private final FeatureBatch batch = new FeatureBatch();
  private final List<ShardGradient> shards =
      IntStream.range(0, SHARDS).mapToObj(i -> model.newGradient()).toList();
  private final List<GradientMerge> merges = new ArrayList<>();
  private final Random random = new Random(7);

  TrainingFixture(int ranks) {
    for (int rank = 0; rank < ranks; rank++) {
      merges.add(new GradientMerge(model));
    }
  }

  record Example(String text, int label) {}

  Example example() {
    int label = random.nextInt(CLASSES);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append("shared").append(random.nextInt(200)).append(' ');
      text.append("own").append(label).append('x').append(random.nextInt(20)).append(' ');
    }
    return new Example(text.toString(), label);
  }

  /** One iteration, its merges and updates divided among the ranks; returns the mean loss. */
  double iterate(long iteration) {
    double loss = 0;
    for (ShardGradient shard : shards) {
      List<Example> examples = IntStream.range(0, TEXTS).mapToObj(i -> example()).toList();
      featurizer.featurize(examples.stream().map(e -> e.text().getBytes(UTF_8)).toList(), batch);
      int[] labels = examples.stream().mapToInt(Example::label).toArray();
      model.gradient(batch, labels, 1f / (SHARDS * TEXTS), shard);
      loss += shard.lossSum();
    }
    int ranks = merges.size();
    for (int rank = 0; rank < ranks; rank++) {
      GradientMerge merge = merges.get(rank);
      merge.rows(shards, Slice.of(BUCKETS, rank, ranks));
      merge.dense(shards, Slice.of(model.denseLength(), rank, ranks));
      rowwise.step(merge, 0.02f, iteration);
      fused.step(merge, 0.02f, iteration);
    }
    return loss / (SHARDS * TEXTS);
  }

  /** Checksums of all parameters and of the optimizers' state. */
  List<Integer> checksums() {
    List<NamedRegion> regions = new ArrayList<>(model.parameters());
    regions.addAll(rowwise.state());
    regions.addAll(fused.state());
    return regions.stream().map(r -> NativeCore.crc32c(0, r.address(), r.byteSize())).toList();
  }

  @Override
  public void close() {
    shards.forEach(ShardGradient::close);
    merges.forEach(GradientMerge::close);
    batch.close();
    featurizer.close();
    fused.close();
    rowwise.close();
    model.close();
  }
}
