// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.task.Actor;
import jakarta.annotation.Resource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** An actor that leaves a mark outside of itself. */
@Actor
public class Recorder {
  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  public int record(long instance, int number) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO TALLY (INSTANCE, PART, NUMBER, PROCESS) VALUES (?, 0, ?, ?)")) {
      insert.setLong(1, instance);
      insert.setInt(2, number);
      insert.setLong(3, ProcessHandle.current().pid());
      insert.executeUpdate();
    }
    return number;
  }
}
