// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictionRepositoryTest {
  private PredictionRepository predictions;

  @BeforeEach
  void emptyDatabase() throws Exception {
    predictions = new PredictionRepository(TestDatabase.create());
    predictions.begin(new ClassifyRun(7, "text", 3, 100, 4));
  }

  @Test
  void duplicatesAndLossesAreCounted() {
    predictions.insert(7, rows(0, 60));
    predictions.insert(7, rows(50, 90));
    predictions.insert(8, rows(0, 100)); // another instance's

    assertThat(predictions.summary(7)).isEqualTo(new PredictionSummary(100, 90, 10, 100, 10));
  }

  @Test
  void everyTextOnceIsNeitherDuplicateNorLoss() {
    predictions.insert(7, rows(0, 100));
    assertThat(predictions.summary(7)).isEqualTo(new PredictionSummary(100, 100, 0, 100, 0));
  }

  @Test
  void anInstanceThatClassifiesNothingIsNotFound() {
    assertThatThrownBy(() -> predictions.summary(9))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void whatARunSetOutToDoIsKept() {
    assertThat(predictions.run(7)).contains(new ClassifyRun(7, "text", 3, 100, 4));
    assertThat(predictions.run(8)).isEmpty();
  }

  private static List<Prediction> rows(int from, int to) {
    return IntStream.range(from, to).mapToObj(row -> new Prediction(row, row % 5, 0.5f)).toList();
  }
}
