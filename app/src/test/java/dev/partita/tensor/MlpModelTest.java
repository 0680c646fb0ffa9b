// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MlpModelTest {
  @Test
  void answersARowOfABatchAsItAnswersItAlone() {
    try (MlpModel model = MlpModel.create(4, 16, 3, 7)) {
      float[] rows = {0.1f, 0.2f, 0.3f, 0.4f, -1f, 2f, -3f, 4f};
      float[] both = model.logits(rows);
      float[] second = model.logits(Arrays.copyOfRange(rows, 4, 8));

      assertThat(both).hasSize(6);
      assertThat(Arrays.copyOfRange(both, 3, 6)).containsExactly(second, within(1e-5f));
    }
  }

  @Test
  void sameSeedSameAnswers() {
    float[] row = {1, 2, 3, 4};
    try (MlpModel one = MlpModel.create(4, 16, 3, 7);
        MlpModel other = MlpModel.create(4, 16, 3, 7)) {
      assertThat(one.logits(row)).containsExactly(other.logits(row));
    }
  }

  @Test
  void refusesHalfARow() {
    try (MlpModel model = MlpModel.create(4, 16, 3, 7)) {
      assertThatIllegalArgumentException().isThrownBy(() -> model.logits(new float[6]));
    }
  }
}
