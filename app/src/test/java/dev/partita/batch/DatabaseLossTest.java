// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.batch.operations.BatchRuntimeException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseLossTest {
  @ParameterizedTest
  @ValueSource(strings = {"08001", "08003", "08006", "57P01", "57P03", "25P03"})
  void aConnectionThatBrokeOrCouldNotBeHadIsALoss(String state) {
    SQLException broken = new SQLException("gone", state);
    assertThat(DatabaseLoss.causes(new BatchRuntimeException(new IllegalStateException(broken))))
        .isTrue();
    assertThat(DatabaseLoss.causes(new SQLRecoverableException("gone"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "22001", "42P01", "40001", "57014"})
  void workThatIsWrongIsNone(String state) {
    assertThat(DatabaseLoss.causes(new RuntimeException(new SQLException("wrong", state))))
        .isFalse();
  }

  @Test
  void nothingElseIsOne() {
    assertThat(DatabaseLoss.causes(new SQLException("without a state"))).isFalse();
    assertThat(DatabaseLoss.causes(new IllegalStateException("not of a database"))).isFalse();
  }
}
