// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.Checkpoint;
import dev.partita.checkpoint.CheckpointRun;
import dev.partita.checkpoint.CheckpointStore;
import dev.partita.data.DatasetManifest;
import dev.partita.data.DatasetRepository;
import dev.partita.serve.ModelCandidate;
import dev.partita.serve.ModelRepository;
import dev.partita.train.ConfusionMatrix;
import dev.partita.train.EvaluationRepository;
import dev.partita.train.Parameters;
import jakarta.batch.api.partition.PartitionReducer;
import jakarta.batch.runtime.context.JobContext;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Locale;
import java.util.Properties;

/**
 * Adds up the confusion matrices of an evaluation: accuracy and macro-F1 become the step's exit
 * status, its user data and points of curves, and the model is proposed for registration.
 */
@Named
@Dependent
public class ConfusionReducer implements PartitionReducer {
  /** The step whose model is measured. */
  private static final String TRAIN_STEP = "train";

  @Inject private JobContext job;
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private CheckpointStore checkpoints;
  @Inject private DatasetRepository datasets;
  @Inject private EvaluationRepository evaluations;
  @Inject private ModelRepository models;

  @Override
  public void beginPartitionedStep() {}

  /** Also called when a partition failed or was stopped: then there is nothing to add up yet. */
  @Override
  public void beforePartitionedStepCompletion() {
    evaluations.find(job.getInstanceId()).ifPresent(this::conclude);
  }

  private void conclude(ConfusionMatrix matrix) {
    Checkpoint trained =
        checkpoints.last(CheckpointRun.idOf(job.getInstanceId(), TRAIN_STEP)).orElseThrow();
    propose(matrix, trained);
    double accuracy = matrix.accuracy();
    double macroF1 = matrix.macroF1();
    StepProgress watcher = progress.of(step);
    watcher.metric("accuracy", (double) trained.point().iteration(), accuracy);
    watcher.metric("macro_f1", (double) trained.point().iteration(), macroF1);
    String summary =
        String.format(
            Locale.ROOT, "accuracy=%.4f macro_f1=%.4f texts=%d", accuracy, macroF1, matrix.total());
    watcher.log(summary);
    step.setPersistentUserData(summary);
    step.setExitStatus(summary);
  }

  private void propose(ConfusionMatrix matrix, Checkpoint trained) {
    DatasetManifest dataset = datasets.require(job.getInstanceId());
    Parameters parameters = Parameters.of(job.getProperties(), new Properties());
    models.propose(
        new ModelCandidate(
            parameters.text("model"),
            trained.folder().toString(),
            trained.weightsSha256(),
            matrix.accuracy(),
            matrix.macroF1(),
            dataset.classNames(),
            parameters.integer("dims", 1, Integer.MAX_VALUE),
            parameters.integer("buckets", 1, Integer.MAX_VALUE),
            dataset.trainTexts(),
            job.getInstanceId()));
  }

  /** The rows of complete partitions stay: a restart needs them. */
  @Override
  public void rollbackPartitionedStep() {}

  @Override
  public void afterPartitionedStepCompletion(PartitionStatus status) {}
}
