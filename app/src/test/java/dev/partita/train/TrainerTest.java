// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.checkpoint.Checkpoint;
import dev.partita.checkpoint.CheckpointFile;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final long TOTAL = 40;
  @TempDir private Path folder;
  private GangRunner gangs;

  /** Fits a line by hand, as a user's own loop would. */
  private static final TrainingLoop LINE_FIT =
      context -> {
        FloatBuffer weights = context.floats("weights", 2);
        for (long iteration : context.iterations(TOTAL)) {
          if (context.rank() == 0) {
            float x = iteration % 10;
            float error = weights.get(0) * x + weights.get(1) - (3 * x + 1);
            weights.put(0, weights.get(0) - 0.01f * error * x);
            weights.put(1, weights.get(1) - 0.01f * error);
            context.report("loss", error * error);
          }
        }
      };

  @BeforeEach
  void open() throws Exception {
    gangs = new GangRunner(folder, Map.of());
  }

  @Test
  void runsEveryIterationOnceAndEndsWithACheckpoint() {
    assertThat(gangs.run("a", 2, LINE_FIT)).isEqualTo(new Outcome(Outcome.End.COMPLETED, TOTAL));
    assertThat(gangs.store.last("a").orElseThrow().point().iteration()).isEqualTo(TOTAL);
    assertThat(gangs.told).contains("checkpoint 40").doesNotContain("recovery 0");
  }

  @Test
  void aStopSavesTheIterationAndTheNextExecutionGoesOnThere() {
    gangs.run("straight", 1, LINE_FIT);
    assertThat(gangs.runAndStop("stopped", 2, LINE_FIT, 17))
        .isEqualTo(new Outcome(Outcome.End.STOPPED, 18));
    gangs.run(
        "stopped", 2, context -> LINE_FIT.train(new WatchedContext(context, iteration -> {})));
    assertThat(gangs.told).contains("checkpoint 18", "recovery 18");
    assertThat(gangs.weights("stopped")).isEqualTo(gangs.weights("straight"));
  }

  @Test
  void aRankThatCompletedBeforeAKillIsNotWaitedFor() {
    gangs.run("done", 2, LINE_FIT);
    CompletableFuture<Outcome> alone = gangs.start("done", 2, LINE_FIT).get(1);
    assertThat(alone.join()).isEqualTo(new Outcome(Outcome.End.ALREADY_COMPLETE, TOTAL));
  }

  @Test
  void aCorruptCheckpointIsSkippedForTheOneBefore() throws Exception {
    gangs.run("straight", 1, LINE_FIT);
    gangs.runAndStop("corrupt", 1, LINE_FIT, 11);
    gangs.runAndStop("corrupt", 1, LINE_FIT, 23);
    Checkpoint newest = gangs.store.newest("corrupt").orElseThrow();
    Files.write(Path.of(newest.file(CheckpointFile.MODEL)), new byte[7]);
    gangs.told.clear();
    assertThat(gangs.run("corrupt", 1, LINE_FIT).end()).isEqualTo(Outcome.End.COMPLETED);
    assertThat(gangs.told).doesNotContain("recovery 24", "recovery 0");
    assertThat(gangs.weights("corrupt")).isEqualTo(gangs.weights("straight"));
  }

  @Test
  void oneFailingRankEndsAllAndTheRunGoesOnLater() {
    TrainingLoop failing =
        context -> {
          FloatBuffer weights = context.floats("weights", 2);
          for (long iteration : context.iterations(TOTAL)) {
            if (context.rank() == 1 && iteration == 13) {
              throw new IllegalStateException("rank 1 has had enough");
            }
            weights.put(0, context.rank());
          }
        };
    List<CompletableFuture<Outcome>> ranks = gangs.start("failing", 2, failing);
    for (CompletableFuture<Outcome> rank : ranks) {
      assertThatThrownBy(rank::join).hasMessageContaining("rank 1 has had enough");
    }
    assertThat(gangs.run("failing", 2, LINE_FIT).end()).isEqualTo(Outcome.End.COMPLETED);
  }

  @Test
  void sharedObjectsAreMadeOnceAndClosedAtTheEnd() {
    ConcurrentLinkedQueue<String> life = new ConcurrentLinkedQueue<>();
    record Shared(ConcurrentLinkedQueue<String> life) implements AutoCloseable {
      @Override
      public void close() {
        life.add("closed");
      }
    }
    gangs.run(
        "shared",
        4,
        context -> {
          context.shared(
              Shared.class,
              () -> {
                life.add("made");
                return new Shared(life);
              });
          context.iterations(3).forEach(iteration -> {});
        });
    assertThat(life).containsExactly("made", "closed");
  }

  @Test
  void aLoopThatBreaksOffIsCompleteThere() {
    TrainingLoop early =
        context -> {
          context.floats("weights", 1);
          for (long iteration : context.iterations(TOTAL)) {
            if (iteration == 6) {
              break;
            }
          }
        };
    assertThat(gangs.run("early", 2, early)).isEqualTo(new Outcome(Outcome.End.COMPLETED, 7));
    assertThat(gangs.store.last("early")).isPresent();
  }

  @Test
  void aStopBeforeAllRanksCameEndsThoseThatWait() {
    AtomicBoolean inside = new AtomicBoolean();
    TrainingLoop loop =
        context -> {
          if (context.rank() == 0) {
            inside.set(true);
            gangs.trainer.stop("early-stop/0");
          }
          context.iterations(TOTAL).forEach(iteration -> {});
        };
    assertThat(gangs.run("early-stop", 2, loop)).isEqualTo(new Outcome(Outcome.End.STOPPED, 0));
    assertThat(inside).isTrue();
  }
}
