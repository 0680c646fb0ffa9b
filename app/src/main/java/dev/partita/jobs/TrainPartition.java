// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.checkpoint.CheckpointRun;
import dev.partita.checkpoint.StorageRoot;
import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.train.Parameters;
import dev.partita.train.RankPods;
import dev.partita.train.Trainer;
import dev.partita.train.TrainingLoop;
import dev.partita.train.TrainingRun;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.Batchlet;
import jakarta.batch.runtime.context.JobContext;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** One rank of a training: runs the {@link TrainingLoop} bean named by {@code loop}. */
@Named
@Dependent
public class TrainPartition implements Batchlet {
  @Inject
  @BatchProperty(name = "loop")
  private String loop;

  @Inject
  @BatchProperty(name = "rank")
  private String rank;

  @Inject private JobContext job;
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private PartitaConfig config;
  @Inject private Trainer trainer;
  @Inject @Any private Instance<TrainingLoop> loops;

  @Override
  public String process() {
    Instance<TrainingLoop> named = loops.select(NamedLiteral.of(loop));
    if (named.isUnsatisfied()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "loop=" + loop + ": no TrainingLoop bean has this name");
    }
    TrainingLoop instance = named.get();
    try {
      return trainer
          .train(run(), Numbers.of("rank", rank, 0, 63), instance, progress.of(step))
          .toString();
    } finally {
      named.destroy(instance);
    }
  }

  private TrainingRun run() {
    Parameters parameters = Parameters.of(job.getProperties(), step.getProperties());
    CheckpointRun checkpoints =
        new CheckpointRun(
            CheckpointRun.idOf(job.getInstanceId(), step.getStepName()),
            new StorageRoot(config.storageUri()).resolve(parameters.text("storageUri", "")),
            parameters.integer("numToKeep", 1, 1_000));
    return new TrainingRun(
        gangId(),
        RankPods.alone(parameters.integer("ranks", 1, 64)),
        parameters,
        checkpoints,
        parameters.integer("checkpointEvery", 1, Integer.MAX_VALUE));
  }

  private String gangId() {
    return job.getExecutionId() + "/" + step.getStepName();
  }

  @Override
  public void stop() {
    trainer.stop(gangId());
  }
}
