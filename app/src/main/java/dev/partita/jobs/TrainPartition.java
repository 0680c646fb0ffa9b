// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.GangAttempts;
import dev.partita.batch.GangMember;
import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.CheckpointRun;
import dev.partita.checkpoint.StorageRoot;
import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.train.Outcome;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  @Inject private GangAttempts gangs;
  @Inject @Any private Instance<TrainingLoop> loops;

  private volatile @Nullable String gangId;

  @Override
  public String process() {
    Instance<TrainingLoop> named = loops.select(NamedLiteral.of(loop));
    if (named.isUnsatisfied()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "loop=" + loop + ": no TrainingLoop bean has this name");
    }
    TrainingLoop instance = named.get();
    try {
      return train(instance, progress.of(step)).toString();
    } finally {
      named.destroy(instance);
    }
  }

  private Outcome train(TrainingLoop instance, StepProgress watcher) {
    Optional<GangAttempts.Attempt> attempt = gangs.ofThisThread();
    int mine =
        attempt.map(GangAttempts.Attempt::rank).orElseGet(() -> Numbers.of("rank", rank, 0, 63));
    if (mine < 0) {
      throw left("it was given to another pod");
    }
    TrainingRun run = run(attempt, mine);
    gangId = run.gangId();
    Outcome outcome = trainer.train(run, mine, instance, watcher);
    if (outcome.end() == Outcome.End.STOPPED && !watcher.stopRequested()) {
      throw left("another pod of it leaves, at iteration " + outcome.iteration());
    }
    return outcome;
  }

  private static PartitaException left(String why) {
    return new PartitaException(ErrorCode.GANG_ABORTED, "the gang starts again: " + why);
  }

  private TrainingRun run(Optional<GangAttempts.Attempt> attempt, int mine) {
    Parameters parameters = Parameters.of(job.getProperties(), step.getProperties());
    requireGlooAllowed(parameters);
    CheckpointRun checkpoints =
        new CheckpointRun(
            CheckpointRun.idOf(job.getInstanceId(), step.getStepName()),
            new StorageRoot(config.storageUri()).resolve(parameters.text("storageUri", "")),
            parameters.integer("numToKeep", 1, 1_000));
    int planned = parameters.integer("ranks", 1, 64);
    return new TrainingRun(
        attempt
            .map(GangAttempts.Attempt::id)
            .orElse(job.getExecutionId() + "/" + step.getStepName()),
        attempt.map(known -> pods(known, mine)).orElse(RankPods.alone(planned)),
        parameters,
        checkpoints,
        parameters.integer("checkpointEvery", 1, Integer.MAX_VALUE));
  }

  private static RankPods pods(GangAttempts.Attempt attempt, int mine) {
    return RankPods.of(attempt.members().stream().map(GangMember::address).toList(), mine);
  }

  private void requireGlooAllowed(Parameters parameters) {
    if (parameters.text("denseReduce", "exact").equals("gloo") && !config.cluster().gloo()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "denseReduce=gloo: Gloo's connections are neither encrypted nor authenticated, so they"
              + " have to be allowed with partita.cluster.gloo=true");
    }
  }

  @Override
  public void stop() {
    String running = gangId;
    if (running != null) {
      trainer.stop(running);
    }
  }
}
