// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.Checkpoint;
import dev.partita.checkpoint.CheckpointFixture;
import dev.partita.checkpoint.CheckpointRun;
import dev.partita.checkpoint.CheckpointStore;
import dev.partita.cluster.GangPeers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Runs the ranks of a training on threads, as the batch engine would. */
final class GangRunner implements RunHistory {
  final CheckpointStore store;
  final Trainer trainer;
  final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final Path storage;
  private final Map<String, String> parameters;
  private int executions;

  GangRunner(Path storage, Map<String, String> parameters) throws Exception {
    this(storage, parameters, run -> GangPeers.ALONE);
  }

  /**
   * @param peersOf joins the other pods of a gang
   */
  GangRunner(Path storage, Map<String, String> parameters, Function<TrainingRun, GangPeers> peersOf)
      throws Exception {
    this.storage = storage;
    this.parameters = parameters;
    this.store = CheckpointFixture.newStore();
    this.trainer = new Trainer(store, progress -> this, peersOf);
  }

  /** One execution of the run; the future of every rank. */
  List<CompletableFuture<Outcome>> start(String runId, int ranks, TrainingLoop loop) {
    return start(runId, RankPods.alone(ranks), loop);
  }

  /** The ranks of one pod in an execution of the run. */
  List<CompletableFuture<Outcome>> start(String runId, RankPods pods, TrainingLoop loop) {
    String gangId = runId + "/" + executions++;
    TrainingRun run =
        new TrainingRun(
            gangId,
            pods,
            new Parameters(parameters),
            new CheckpointRun(runId, CheckpointFixture.storage(storage), 2),
            5);
    return pods.ranksHere().stream()
        .map(
            rank ->
                CompletableFuture.supplyAsync(
                    () -> trainer.train(run, rank, loop, StepProgress.SILENT),
                    task -> new Thread(task, "rank-" + rank).start()))
        .toList();
  }

  /** Runs one execution to its end and returns how rank 0 ended. */
  Outcome run(String runId, int ranks, TrainingLoop loop) {
    List<CompletableFuture<Outcome>> all = start(runId, ranks, loop);
    all.forEach(CompletableFuture::join);
    return all.get(0).join();
  }

  /** Runs until the training itself stops in iteration {@code iteration}. */
  Outcome runAndStop(String runId, int ranks, TrainingLoop loop, long iteration) {
    String gangId = runId + "/" + executions;
    return run(
        runId,
        ranks,
        context ->
            loop.train(
                new WatchedContext(
                    context,
                    begun -> {
                      if (begun == iteration) {
                        trainer.stop(gangId);
                      }
                    })));
  }

  String weights(String runId) {
    return store.last(runId).orElseThrow().weightsSha256();
  }

  @Override
  public long lastSeenIteration() {
    return 0;
  }

  @Override
  public void checkpoint(Checkpoint checkpoint, Duration stall, Duration write) {
    told.add("checkpoint " + checkpoint.point().iteration());
  }

  @Override
  public void recovery(long furthest, long resumedAt) {
    told.add("recovery " + resumedAt);
  }
}
