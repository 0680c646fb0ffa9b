// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import jakarta.annotation.Resource;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Inserts a row per number, in the transaction of the chunk. Nothing in the table keeps a number
 * from being there twice: the engine has to.
 */
@Named
@Dependent
@SuppressWarnings("NullAway.Init")
public class TallyWriter extends AbstractItemWriter {
  @Inject private JobContext job;

  @Inject
  @BatchProperty(name = "part")
  private String part;

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  @Override
  public void writeItems(List<Object> numbers) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO TALLY (INSTANCE, PART, NUMBER, PROCESS) VALUES (?, ?, ?, ?)")) {
      for (Object number : numbers) {
        insert.setLong(1, job.getInstanceId());
        insert.setInt(2, Integer.parseInt(part));
        insert.setInt(3, (Integer) number);
        insert.setLong(4, ProcessHandle.current().pid());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
