// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** The rows of tables CHECKPOINT and CHECKPOINT_RUN. Any thread. */
@ApplicationScoped
public class CheckpointRepository {
  private static final String COLUMNS =
      "IS_LAST, DATA_CURSOR, METRICS, MANIFEST_URI, MANIFEST_CRC32C, SIZE_BYTES, WEIGHTS_SHA256,"
          + " CREATED_AT, RUN_ID, ITERATION";
  private static final String BY_WRITER =
      " (CAST(? AS VARCHAR) = '' OR EXISTS"
          + " (SELECT 1 FROM CHECKPOINT_RUN R WHERE R.RUN_ID=? AND R.WRITER=?))";
  private static final String INSERT =
      "INSERT INTO CHECKPOINT ("
          + COLUMNS
          + ") SELECT CAST(? AS BOOLEAN), CAST(? AS VARCHAR), CAST(? AS VARCHAR),"
          + " CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS VARCHAR),"
          + " CAST(? AS TIMESTAMP), CAST(? AS VARCHAR), CAST(? AS BIGINT) WHERE"
          + BY_WRITER;
  private static final String UPDATE =
      "UPDATE CHECKPOINT SET IS_LAST=?, DATA_CURSOR=?, METRICS=?, MANIFEST_URI=?,"
          + " MANIFEST_CRC32C=?, SIZE_BYTES=?, WEIGHTS_SHA256=?, CREATED_AT=?,"
          + " COMMITTED_AT=CURRENT_TIMESTAMP"
          + " WHERE RUN_ID=? AND ITERATION=? AND"
          + BY_WRITER;

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected CheckpointRepository() {}

  CheckpointRepository(DataSource database) {
    this.database = database;
  }

  /**
   * Commits a checkpoint; in one statement, also when a row of this iteration exists already.
   *
   * @param writer of the run; empty: whoever it is
   * @return false, and nothing is written, if it is another one since
   */
  boolean commit(Checkpoint row, String writer) {
    try (Connection connection = database.getConnection()) {
      return write(connection, UPDATE, row, writer) > 0
          || write(connection, INSERT, row, writer) > 0;
    } catch (SQLException e) {
      throw failure("write", row.runId(), e);
    }
  }

  private static int write(Connection connection, String sql, Checkpoint row, String writer)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBoolean(1, row.point().last());
      statement.setString(2, strings(row.point().cursor()));
      statement.setString(3, numbers(row.point().metrics()));
      statement.setString(4, row.manifest().toString());
      statement.setString(5, row.manifestCrc32c());
      statement.setLong(6, row.bytes());
      statement.setString(7, row.weightsSha256());
      statement.setTimestamp(8, Timestamp.from(row.createdAt()));
      statement.setString(9, row.runId());
      statement.setLong(10, row.point().iteration());
      statement.setString(11, writer);
      statement.setString(12, row.runId());
      statement.setString(13, writer);
      return statement.executeUpdate();
    }
  }

  /** Newest first. */
  List<Checkpoint> find(String runId) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM CHECKPOINT WHERE RUN_ID=? ORDER BY ITERATION DESC")) {
      query.setString(1, runId);
      List<Checkpoint> rows = new ArrayList<>();
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          rows.add(read(result));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw failure("read", runId, e);
    }
  }

  void delete(String runId, long iteration) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM CHECKPOINT WHERE RUN_ID=? AND ITERATION=?")) {
      delete.setString(1, runId);
      delete.setLong(2, iteration);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failure("delete", runId, e);
    }
  }

  /** A run whose folder may hold files without a row; of a purged one, all of them are. */
  record Left(String runId, URI folder, boolean purged) {}

  /** Writes down where the files of a run will lie, and who writes them from now on. */
  void open(CheckpointRun run) {
    String folder = run.folder().toString();
    if (update(
            "UPDATE CHECKPOINT_RUN SET FOLDER=?, STATE='OPEN', WRITER=? WHERE RUN_ID=?",
            folder,
            run.writer(),
            run.runId())
        == 0) {
      update(
          "INSERT INTO CHECKPOINT_RUN (RUN_ID, INSTANCE_ID, FOLDER, STATE, WRITER)"
              + " VALUES (?,?,?,'OPEN',?)",
          run.runId(),
          run.instanceId(),
          folder,
          run.writer());
    }
  }

  /** Whether nobody opened the run since. */
  boolean isWriter(CheckpointRun run) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT 1 FROM CHECKPOINT_RUN WHERE RUN_ID=? AND WRITER=?")) {
      query.setString(1, run.runId());
      query.setString(2, run.writer());
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw failure("read", run.runId(), e);
    }
  }

  /** All files of the run have a row. */
  void close(String runId) {
    update("UPDATE CHECKPOINT_RUN SET STATE='CLOSED' WHERE RUN_ID=? AND STATE='OPEN'", runId);
  }

  /** Gives up all runs of an instance: their rows go, their folders are {@link #left}. */
  void purge(long instanceId) {
    update(
        "DELETE FROM CHECKPOINT WHERE RUN_ID IN"
            + " (SELECT RUN_ID FROM CHECKPOINT_RUN WHERE INSTANCE_ID=?)",
        instanceId);
    update("UPDATE CHECKPOINT_RUN SET STATE='PURGED' WHERE INSTANCE_ID=?", instanceId);
  }

  /** The run has neither rows nor files any more. */
  void forget(String runId) {
    update("DELETE FROM CHECKPOINT_RUN WHERE RUN_ID=?", runId);
  }

  /** Purged runs, and complete ones whose process died before it had tidied up. */
  List<Left> left() {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT RUN_ID, FOLDER, STATE FROM CHECKPOINT_RUN R WHERE STATE='PURGED'"
                    + " OR (STATE='OPEN' AND EXISTS (SELECT 1 FROM CHECKPOINT C"
                    + " WHERE C.RUN_ID = R.RUN_ID AND C.IS_LAST))")) {
      List<Left> left = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          left.add(
              new Left(
                  row.getString(1),
                  URI.create(row.getString(2)),
                  row.getString(3).equals("PURGED")));
        }
      }
      return left;
    } catch (SQLException e) {
      throw failure("list", "any", e);
    }
  }

  /** When a checkpoint of the instance was last committed, by the database's clock. */
  Optional<Instant> lastCommit(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT MAX(COMMITTED_AT) FROM CHECKPOINT WHERE RUN_ID IN"
                    + " (SELECT RUN_ID FROM CHECKPOINT_RUN WHERE INSTANCE_ID=?)")) {
      query.setLong(1, instanceId);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant);
      }
    } catch (SQLException e) {
      throw failure("read", "of instance " + instanceId, e);
    }
  }

  private int update(String sql, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failure("change", values[0].toString(), e);
    }
  }

  private static Checkpoint read(ResultSet row) throws SQLException {
    Map<String, String> cursor = new HashMap<>();
    parse(row.getString(2))
        .forEach((key, value) -> cursor.put(key, ((JsonString) value).getString()));
    Map<String, Double> metrics = new HashMap<>();
    parse(row.getString(3))
        .forEach((key, value) -> metrics.put(key, ((JsonNumber) value).doubleValue()));
    return new Checkpoint(
        row.getString(9),
        new CheckpointPoint(row.getLong(10), row.getBoolean(1), cursor, metrics),
        URI.create(row.getString(4)),
        row.getString(5),
        row.getLong(6),
        row.getString(7),
        row.getTimestamp(8).toInstant());
  }

  private static JsonObject parse(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return reader.readObject();
    }
  }

  private static String strings(Map<String, String> values) {
    JsonObjectBuilder object = Json.createObjectBuilder();
    values.forEach(object::add);
    return object.build().toString();
  }

  /** Without infinities and NaN, which JSON cannot say. */
  private static String numbers(Map<String, Double> values) {
    JsonObjectBuilder object = Json.createObjectBuilder();
    values.forEach(
        (key, value) -> {
          if (Double.isFinite(value)) {
            object.add(key, value);
          }
        });
    return object.build().toString();
  }

  private static PartitaException failure(String what, String runId, SQLException cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE,
        "could not " + what + " checkpoint rows of run " + runId + ": " + cause.getMessage(),
        cause);
  }
}
