// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.CheckpointFile;
import dev.partita.data.DatasetRepository;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.function.Function;

/**
 * Trains the text classifier of {@code train-text}: hashed word 1-2-grams, mean of embeddings, a
 * linear head. The weights depend on the texts and {@link TextSettings} only, bit for bit.
 */
@Named("textClassifier")
@Dependent
public final class TextClassifierLoop implements TrainingLoop {
  private final Function<TrainingContext, TrainingTexts> textsOf;

  /** Trains on the dataset that the ingest step of the same job instance made. */
  @Inject
  public TextClassifierLoop(DatasetRepository datasets) {
    this(context -> DatasetTexts.toTrain(datasets.require(context.instanceId())));
  }

  /**
   * @param textsOf opens the texts to train on; the loop closes them
   */
  public TextClassifierLoop(Function<TrainingContext, TrainingTexts> textsOf) {
    this.textsOf = textsOf;
  }

  @Override
  public boolean spansPods() {
    return true;
  }

  @Override
  public void train(TrainingContext context) throws Exception {
    TextSettings settings = TextSettings.of(context.parameters(), context.ranks());
    TextTraining shared =
        context.shared(
            TextTraining.class, () -> new TextTraining(textsOf.apply(context), settings));
    context.keep(CheckpointFile.MODEL, Map.of("format", "pt"), shared.model.parameters());
    context.keep(CheckpointFile.OPTIMIZER, Map.of(), shared.optimizerState());
    context.remember("seed", Long.toString(settings.seed()));
    try (TextRank rank = new TextRank(shared, settings, context)) {
      for (long iteration : context.iterations(rank.iterations())) {
        int texts = rank.computeGradients(iteration);
        rank.meet(context);
        rank.update(iteration);
        context.report("loss", rank.loss(texts));
        context.report("train_accuracy", rank.accuracy(texts));
        context.processed("texts", texts);
        context.remember("epoch", Long.toString(rank.epochOf(iteration + 1)));
      }
    }
  }
}
