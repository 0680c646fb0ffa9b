// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import jakarta.annotation.Resource;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Works for {@code millis} and ends well; but the partition {@code bad} ends its JVM: always
 * ({@code how=halt}), or the first time only, by filling the heap ({@code how=heap}). Each begin
 * leaves a row, the bad partition's too.
 */
@Named
@Dependent
@SuppressWarnings("NullAway.Init")
public class PoisonBatchlet extends AbstractBatchlet {
  private static final int BLOCK_BYTES = 8 << 20;

  private final List<byte[]> held = new ArrayList<>();
  @Inject private JobContext job;

  @Inject
  @BatchProperty(name = "part")
  private String part;

  @Inject
  @BatchProperty(name = "bad")
  private String bad;

  @Inject
  @BatchProperty(name = "how")
  private String how;

  @Inject
  @BatchProperty(name = "millis")
  private String millis;

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  @Override
  public String process() throws SQLException, InterruptedException {
    int begins = begin();
    if (part.equals(bad)) {
      if (how.equals("halt")) {
        Runtime.getRuntime().halt(1);
      } else if (begins == 1) {
        fillTheHeap();
      }
    }
    Thread.sleep(Integer.parseInt(millis));
    return "done";
  }

  /** Notes this begin; how many there were, this one included. */
  private int begin() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO TALLY (INSTANCE, PART, NUMBER, PROCESS) SELECT ?, ?, COUNT(*), ?"
                    + " FROM TALLY WHERE INSTANCE = ? AND PART = ? RETURNING NUMBER")) {
      insert.setLong(1, job.getInstanceId());
      insert.setInt(2, Integer.parseInt(part));
      insert.setLong(3, ProcessHandle.current().pid());
      insert.setLong(4, job.getInstanceId());
      insert.setInt(5, Integer.parseInt(part));
      try (var row = insert.executeQuery()) {
        row.next();
        return row.getInt(1) + 1;
      }
    }
  }

  private void fillTheHeap() {
    while (true) {
      held.add(new byte[BLOCK_BYTES]);
    }
  }
}
