// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.Checkpoint;
import dev.partita.checkpoint.CheckpointFile;
import dev.partita.checkpoint.CheckpointRun;
import dev.partita.checkpoint.CheckpointStore;
import dev.partita.data.DatasetRepository;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.Slice;
import dev.partita.train.ConfusionMatrix;
import dev.partita.train.DatasetTexts;
import dev.partita.train.EvaluationRepository;
import dev.partita.train.TextEvaluation;
import dev.partita.train.TextModelFile;
import dev.partita.train.TrainingTexts;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.runtime.context.JobContext;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;

/** Classifies a part of the held-out texts and keeps its confusion matrix as a row. */
@Named
@Dependent
public class EvaluatePartition extends AbstractBatchlet {
  /** The step whose model is measured. */
  private static final String TRAIN_STEP = "train";

  @Inject
  @BatchProperty(name = "part")
  private String part;

  @Inject
  @BatchProperty(name = "parts")
  private String parts;

  @Inject private JobContext job;
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private CheckpointStore checkpoints;
  @Inject private DatasetRepository datasets;
  @Inject private EvaluationRepository evaluations;

  @Override
  public String process() {
    int count = Numbers.of("parts", parts, 1, 1_000);
    int mine = Numbers.of("part", part, 0, count - 1);
    if (evaluations.has(job.getInstanceId(), mine, count)) {
      return "COMPLETED before";
    }
    Optional<ConfusionMatrix> matrix = evaluate(mine, count, progress.of(step));
    if (matrix.isEmpty()) {
      return "STOPPED";
    }
    evaluations.insert(job.getInstanceId(), mine, count, matrix.get());
    return "COMPLETED";
  }

  private Optional<ConfusionMatrix> evaluate(int mine, int count, StepProgress watcher) {
    String runId = CheckpointRun.idOf(job.getInstanceId(), TRAIN_STEP);
    Checkpoint trained =
        checkpoints
            .last(runId)
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.NOT_FOUND, "step " + TRAIN_STEP + " has not trained a model"));
    try (TrainingTexts texts = DatasetTexts.heldOut(datasets.require(job.getInstanceId()));
        BagModel model =
            TextModelFile.load(checkpoints.blobs(), trained.file(CheckpointFile.MODEL))) {
      return TextEvaluation.of(model, texts, Slice.of(texts.size(), mine, count), watcher);
    }
  }
}
