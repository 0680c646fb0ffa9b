// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.StepProgress;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.FeatureBatch;
import dev.partita.tensor.Slice;
import dev.partita.tensor.TextFeaturizer;
import java.util.Optional;

/** Lets a model classify texts whose labels are known. Stateless. */
public final class TextEvaluation {
  private static final int BATCH = 512;

  private TextEvaluation() {}

  /** The confusion matrix of {@code rows}; empty when the job was stopped meanwhile. */
  public static Optional<ConfusionMatrix> of(
      BagModel model, TrainingTexts texts, Slice rows, StepProgress progress) {
    long[] counts = new long[texts.classes() * texts.classes()];
    try (TextFeaturizer featurizer = new TextFeaturizer(model.buckets(), 1);
        FeatureBatch features = new FeatureBatch()) {
      for (int from = rows.from(); from < rows.to(); from += BATCH) {
        if (progress.stopRequested()) {
          return Optional.empty();
        }
        int size = Math.min(BATCH, rows.to() - from);
        long[] addresses = new long[size];
        int[] lengths = new int[size];
        for (int i = 0; i < size; i++) {
          addresses[i] = texts.address(from + i);
          lengths[i] = texts.length(from + i);
        }
        featurizer.featurize(addresses, lengths, features);
        float[] probabilities = model.probabilities(features);
        for (int i = 0; i < size; i++) {
          int likeliest = likeliest(probabilities, i * model.classes(), model.classes());
          counts[texts.label(from + i) * texts.classes() + likeliest]++;
        }
        progress.progress(from + size - rows.from(), rows.size(), "texts");
      }
    }
    return Optional.of(new ConfusionMatrix(texts.classes(), counts));
  }

  private static int likeliest(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }
}
