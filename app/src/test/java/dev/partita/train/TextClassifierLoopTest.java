// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.CheckpointFile;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.Slice;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise that weights depend on data and parameters only, on a few hundred texts. */
class TextClassifierLoopTest {
  private static final int TEXTS = 517;
  private static final TrainingLoop LOOP =
      new TextClassifierLoop(context -> new MemoryTexts(TEXTS));
  private static final int ITERATIONS = 3 * 9;
  @TempDir private Path folder;
  private GangRunner gangs;

  @BeforeEach
  void open() throws Exception {
    gangs =
        new GangRunner(
            folder,
            Map.of(
                "epochs", "3",
                "globalBatch", "64",
                "microShards", "8",
                "learningRate", "0.05",
                "weightDecay", "0.01",
                "dims", "16",
                "buckets", "1024",
                "seed", "42"));
  }

  @Test
  void oneTwoThreeAndFourRanksEndWithTheSameBits() {
    for (int ranks : new int[] {1, 2, 3, 4}) {
      Outcome outcome = gangs.run("ranks" + ranks, ranks, LOOP);
      assertThat(outcome).isEqualTo(new Outcome(Outcome.End.COMPLETED, ITERATIONS));
      assertThat(gangs.weights("ranks" + ranks))
          .as(ranks + " ranks")
          .isEqualTo(gangs.weights("ranks1"));
    }
  }

  @Test
  void interruptionsAtRandomIterationsAndOtherRankCountsChangeNoBit() {
    gangs.run("straight", 1, LOOP);
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 5; round++) {
      String run = "round" + round;
      long stopIn = -1;
      while (stopIn < ITERATIONS - 4) {
        stopIn += 1 + random.nextInt(10);
        if (stopIn < ITERATIONS - 1) {
          gangs.runAndStop(run, 1 + random.nextInt(4), LOOP, stopIn);
        }
      }
      gangs.run(run, 2, LOOP);
      assertThat(gangs.weights(run)).as(run).isEqualTo(gangs.weights("straight"));
    }
  }

  @Test
  void theTrainedModelTellsTheClasses() {
    gangs.run("model", 2, LOOP);
    try (TrainingTexts texts = new MemoryTexts(TEXTS);
        BagModel model =
            TextModelFile.load(
                gangs.store.blobs(),
                gangs.store.last("model").orElseThrow().file(CheckpointFile.MODEL))) {
      ConfusionMatrix whole = evaluate(model, texts, Slice.all(TEXTS));
      ConfusionMatrix parts =
          evaluate(model, texts, Slice.of(TEXTS, 0, 2))
              .plus(evaluate(model, texts, Slice.of(TEXTS, 1, 2)));
      assertThat(parts).isEqualTo(whole);
      assertThat(whole.total()).isEqualTo(TEXTS);
      assertThat(whole.accuracy()).isGreaterThan(0.7);
    }
  }

  private static ConfusionMatrix evaluate(BagModel model, TrainingTexts texts, Slice rows) {
    return TextEvaluation.of(model, texts, rows, StepProgress.SILENT).orElseThrow();
  }
}
