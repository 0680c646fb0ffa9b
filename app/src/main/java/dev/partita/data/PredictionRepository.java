// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.batch.InstanceData;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Predictions of classify jobs. Writes join the caller's transaction, so they commit together with
 * the reader's position. The table has no unique key on the text on purpose: a duplicate must be
 * countable, not impossible to see.
 */
@ApplicationScoped
public class PredictionRepository implements InstanceData {
  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected PredictionRepository() {}

  PredictionRepository(DataSource database) {
    this.database = database;
  }

  /** Writes down what an instance sets out to do; once per instance. */
  public void begin(ClassifyRun run) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO CLASSIFY_RUN (INSTANCE_ID, MODEL, VERSION, TEXTS, PARTITIONS)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      insert.setLong(1, run.instanceId());
      insert.setString(2, run.model());
      insert.setInt(3, run.version());
      insert.setInt(4, run.texts());
      insert.setInt(5, run.partitions());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("begin " + run, e);
    }
  }

  /** What the instance set out to do. */
  public Optional<ClassifyRun> run(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT MODEL, VERSION, TEXTS, PARTITIONS FROM CLASSIFY_RUN"
                    + " WHERE INSTANCE_ID = ?")) {
      query.setLong(1, instanceId);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new ClassifyRun(
                    instanceId, row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw failed("read what instance " + instanceId + " classifies", e);
    }
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

  /**
   * Counts what the instance has written so far against what it set out to write.
   *
   * @throws PartitaException NOT_FOUND when the instance classifies nothing
   */
  public PredictionSummary summary(long instanceId) {
    ClassifyRun run =
        run(instanceId)
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.NOT_FOUND, "instance " + instanceId + " has no predictions"));
    try (Connection connection = database.getConnection();
        PreparedStatement count =
            connection.prepareStatement(
                "SELECT COUNT(*), COUNT(DISTINCT TEXT_ROW) FROM PREDICTION"
                    + " WHERE INSTANCE_ID = ?")) {
      count.setLong(1, instanceId);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return PredictionSummary.of(row.getLong(1), row.getLong(2), run.texts());
      }
    } catch (SQLException e) {
      throw failed("count the predictions of instance " + instanceId, e);
    }
  }

  @Override
  public void purge(long instanceId) {
    for (String table : List.of("PREDICTION", "CLASSIFY_RUN")) {
      try (Connection connection = database.getConnection();
          PreparedStatement delete =
              connection.prepareStatement("DELETE FROM " + table + " WHERE INSTANCE_ID = ?")) {
        delete.setLong(1, instanceId);
        delete.executeUpdate();
      } catch (SQLException e) {
        throw failed("purge the predictions of instance " + instanceId, e);
      }
    }
  }

  private static PartitaException failed(String what, SQLException cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE, "could not " + what + ": " + cause.getMessage(), cause);
  }
}
