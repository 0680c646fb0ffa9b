// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Predictions of classify jobs. Writes join the caller's transaction, so they commit together with
 * the reader's position. The table has no unique key on the text on purpose: a duplicate must be
 * countable, not impossible to see.
 */
@ApplicationScoped
public class PredictionRepository {
  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected PredictionRepository() {}

  PredictionRepository(DataSource database) {
    this.database = database;
  }

  /** Adds all rows in one batch. */
  public void insert(long instanceId, List<Prediction> predictions) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO PREDICTION (INSTANCE_ID, TEXT_ROW, LABEL, PROBABILITY)"
                    + " VALUES (?, ?, ?, ?)")) {
      for (Prediction prediction : predictions) {
        insert.setLong(1, instanceId);
        insert.setInt(2, prediction.row());
        insert.setInt(3, prediction.label());
        insert.setFloat(4, prediction.probability());
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      throw failed("write " + predictions.size() + " predictions of instance " + instanceId, e);
    }
  }

  /** Counts what the instance has written so far against what it set out to write. */
  public PredictionSummary summary(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement count =
            connection.prepareStatement(
                "SELECT COUNT(*), COUNT(DISTINCT TEXT_ROW),"
                    + " (SELECT COALESCE(MAX(D.TEXTS), 0) FROM DATASET_USE U"
                    + " JOIN DATASET D ON D.URI = U.URI WHERE U.INSTANCE_ID = ?)"
                    + " FROM PREDICTION WHERE INSTANCE_ID = ?")) {
      count.setLong(1, instanceId);
      count.setLong(2, instanceId);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return PredictionSummary.of(row.getLong(1), row.getLong(2), row.getLong(3));
      }
    } catch (SQLException e) {
      throw failed("count the predictions of instance " + instanceId, e);
    }
  }

  private static PartitaException failed(String what, SQLException cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE, "could not " + what + ": " + cause.getMessage(), cause);
  }
}
