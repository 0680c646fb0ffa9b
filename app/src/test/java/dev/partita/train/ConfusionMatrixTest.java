// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.partita.data.TestDatabase;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final ConfusionMatrix MATRIX =
      new ConfusionMatrix(3, new long[] {5, 1, 0, 2, 2, 0, 0, 0, 0});

  @Test
  void accuracyIsTheShareOfTheDiagonal() {
    assertThat(MATRIX.accuracy()).isEqualTo(0.7);
  }

  @Test
  void macroF1LeavesOutClassesThatNeverOccur() {
    double first = 2.0 * 5 / (6 + 7);
    double second = 2.0 * 2 / (4 + 3);
    assertThat(MATRIX.macroF1()).isEqualTo((first + second) / 2, within(1e-12));
  }

  @Test
  void survivesAsText() {
    assertThat(ConfusionMatrix.parse(3, MATRIX.toText())).isEqualTo(MATRIX);
  }

  @Test
  void rowsAddUpOnceAllPartsAreThere() throws Exception {
    EvaluationRepository rows = new EvaluationRepository(TestDatabase.create());
    rows.insert(7, 0, 2, MATRIX);
    assertThat(rows.find(7)).isEmpty();
    rows.insert(7, 0, 3, MATRIX);
    rows.insert(7, 1, 2, MATRIX);
    rows.insert(8, 0, 1, MATRIX);
    assertThat(rows.has(7, 1, 2)).isTrue();
    assertThat(rows.has(7, 1, 3)).isFalse();
    assertThat(rows.find(7)).contains(MATRIX.plus(MATRIX));
    assertThat(rows.find(9)).isEmpty();
  }
}
