// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class SchemaRepositoryTest {
  @Test
  void everyStatementRunsTwice() throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:schema");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (int round = 0; round < 2; round++) {
        for (String sql : SchemaRepository.statements()) {
          statement.execute(sql);
        }
      }
      assertThat(statement.executeQuery("SELECT COUNT(*) FROM JOB_EVENT").next()).isTrue();
    }
  }

  @Test
  void everyStatementAddsWhatIsNotThere() {
    assertThat(SchemaRepository.statements())
        .allSatisfy(
            sql ->
                assertThat(sql)
                    .matches(
                        "(?s)CREATE (TABLE|INDEX) IF NOT EXISTS [^;]*"
                            + "|INSERT INTO [^;]* WHERE NOT EXISTS [^;]*"));
  }
}
