// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.InstanceData;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Confusion matrices of evaluations, one row per partition, so that a restart keeps those that are
 * done. Table EVALUATION_PART; any thread.
 */
@ApplicationScoped
public class EvaluationRepository implements InstanceData {
  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected EvaluationRepository() {}

  EvaluationRepository(DataSource database) {
    this.database = database;
  }

  /** Adds the matrix of one of {@code parts} partitions. */
  public void insert(long instanceId, int part, int parts, ConfusionMatrix matrix) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO EVALUATION_PART (INSTANCE_ID, PART, PARTS, CLASSES, CONFUSION)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      insert.setLong(1, instanceId);
      insert.setInt(2, part);
      insert.setInt(3, parts);
      insert.setInt(4, matrix.classes());
      insert.setString(5, matrix.toText());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("write", instanceId, e);
    }
  }

  /** Whether that partition's matrix is there. */
  public boolean has(long instanceId, int part, int parts) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT 1 FROM EVALUATION_PART WHERE INSTANCE_ID=? AND PARTS=? AND PART=?")) {
      query.setLong(1, instanceId);
      query.setInt(2, parts);
      query.setInt(3, part);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw failed("read", instanceId, e);
    }
  }

  /** The sum over all partitions; empty until the last of them is there. */
  public Optional<ConfusionMatrix> find(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT PARTS, CLASSES, CONFUSION FROM EVALUATION_PART WHERE INSTANCE_ID=?"
                    + " ORDER BY PARTS, PART")) {
      query.setLong(1, instanceId);
      try (ResultSet rows = query.executeQuery()) {
        return firstComplete(rows);
      }
    } catch (SQLException e) {
      throw failed("read", instanceId, e);
    }
  }

  /** A restart with another number of partitions leaves rows of an incomplete division behind. */
  private static Optional<ConfusionMatrix> firstComplete(ResultSet rows) throws SQLException {
    int parts = 0;
    int seen = 0;
    @Nullable ConfusionMatrix sum = null;
    while (rows.next()) {
      ConfusionMatrix part = ConfusionMatrix.parse(rows.getInt(2), rows.getString(3));
      boolean sameDivision = sum != null && rows.getInt(1) == parts;
      parts = rows.getInt(1);
      seen = sameDivision ? seen + 1 : 1;
      sum = sameDivision && sum != null ? sum.plus(part) : part;
      if (seen == parts) {
        return Optional.of(sum);
      }
    }
    return Optional.empty();
  }

  @Override
  public void purge(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM EVALUATION_PART WHERE INSTANCE_ID = ?")) {
      delete.setLong(1, instanceId);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failed("purge", instanceId, e);
    }
  }

  private static PartitaException failed(String what, long instanceId, SQLException cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE,
        "could not "
            + what
            + " the evaluation of instance "
            + instanceId
            + ": "
            + cause.getMessage(),
        cause);
  }
}
