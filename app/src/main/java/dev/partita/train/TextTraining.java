// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.tensor.AdamWConfig;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.FusedAdamW;
import dev.partita.tensor.GradientMerge;
import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.RowwiseAdamW;
import dev.partita.tensor.ShardGradient;
import dev.partita.tensor.TextFeaturizer;
import java.util.ArrayList;
import java.util.List;

/**
 * What all ranks of a pod in a text training share: the texts, the model, its optimizers, the
 * gradients.
 */
final class TextTraining implements AutoCloseable {
  final TrainingTexts texts;
  final BagModel model;
  final TextFeaturizer featurizer;
  final RowwiseAdamW rowwise;
  final FusedAdamW head;

  /**
   * One per micro-shard, written by the rank that has it, or from what its pod told; read by all
   * after the exchange.
   */
  final List<ShardGradient> shards;

  /** The head's gradient of this pod's micro-shards, then of all pods', where Gloo adds it. */
  final GradientMerge dense;

  TextTraining(TrainingTexts texts, TextSettings settings) {
    this.texts = texts;
    model = BagModel.create(settings.buckets(), settings.dims(), texts.classes(), settings.seed());
    featurizer = new TextFeaturizer(settings.buckets(), 1);
    AdamWConfig config = AdamWConfig.DEFAULT.withWeightDecay((float) settings.weightDecay());
    rowwise = new RowwiseAdamW(model, config);
    head = new FusedAdamW(model, config);
    dense = new GradientMerge(model);
    List<ShardGradient> gradients = new ArrayList<>();
    for (int shard = 0; shard < settings.microShards(); shard++) {
      gradients.add(model.newGradient());
    }
    shards = List.copyOf(gradients);
  }

  List<NamedRegion> optimizerState() {
    List<NamedRegion> state = new ArrayList<>(rowwise.state());
    state.addAll(head.state());
    return state;
  }

  @Override
  public void close() {
    shards.forEach(ShardGradient::close);
    dense.close();
    head.close();
    rowwise.close();
    featurizer.close();
    model.close();
    texts.close();
  }
}
