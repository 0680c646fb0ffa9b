// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

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
 * The rows of table NAMED_ACTOR. Each call is one statement that counts by itself: not to be called
 * in a transaction. Any thread.
 */
@ApplicationScoped
public class NamedActorRepository {
  private static final String DUPLICATE = "23505";

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected NamedActorRepository() {}

  NamedActorRepository(DataSource database) {
    this.database = database;
  }

  /**
   * A row.
   *
   * @param state as last saved; null: never
   * @param holder the life of the pod that keeps it
   * @param generation the fencing token
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Row(
      String name,
      ActorId id,
      String type,
      byte[] options,
      byte @Nullable [] argument,
      byte @Nullable [] state,
      String holder,
      long generation) {}

  /** SQL with its values. */
  private interface Filling {
    void into(PreparedStatement statement) throws SQLException;
  }

  Optional<Row> find(String name) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT ID_HIGH, ID_LOW, TYPE, OPTIONS, ARGUMENT, STATE, HOLDER, GENERATION"
                    + " FROM NAMED_ACTOR WHERE NAME=?")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Row(
                    name,
                    new ActorId(row.getLong(1), row.getLong(2)),
                    row.getString(3),
                    row.getBytes(4),
                    row.getBytes(5),
                    row.getBytes(6),
                    row.getString(7),
                    row.getLong(8)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw failure("read", name, e);
    }
  }

  /** False, and nothing happens, if there is one of this name. */
  boolean insert(Row row) {
    try {
      return change(
              row.name(),
              "INSERT INTO NAMED_ACTOR"
                  + " (NAME, ID_HIGH, ID_LOW, TYPE, OPTIONS, ARGUMENT, HOLDER, GENERATION)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              insert -> {
                insert.setString(1, row.name());
                insert.setLong(2, row.id().high());
                insert.setLong(3, row.id().low());
                insert.setString(4, row.type());
                insert.setBytes(5, row.options());
                insert.setBytes(6, row.argument());
                insert.setString(7, row.holder());
                insert.setLong(8, row.generation());
              })
          == 1;
    } catch (PartitaException e) {
      if (e.getCause() instanceof SQLException sql && DUPLICATE.equals(sql.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** A new keeper takes it, whose fencing token is the next; false if another was quicker. */
  boolean claim(Row row, String holder) {
    return change(
            row.name(),
            "UPDATE NAMED_ACTOR SET HOLDER=?, GENERATION=GENERATION+1"
                + " WHERE NAME=? AND GENERATION=?",
            update -> {
              update.setString(1, holder);
              update.setString(2, row.name());
              update.setLong(3, row.generation());
            })
        == 1;
  }

  /** False, and nothing is written, if it has another keeper by now, or was ended. */
  boolean save(String name, long generation, byte[] state) {
    return change(
            name,
            "UPDATE NAMED_ACTOR SET STATE=? WHERE NAME=? AND GENERATION=?",
            update -> {
              update.setBytes(1, state);
              update.setString(2, name);
              update.setLong(3, generation);
            })
        == 1;
  }

  void delete(String name) {
    change(name, "DELETE FROM NAMED_ACTOR WHERE NAME=?", delete -> delete.setString(1, name));
  }

  private int change(String name, String sql, Filling values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      values.into(statement);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failure("write", name, e);
    }
  }

  private static PartitaException failure(String what, String name, SQLException e) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE,
        "cannot " + what + " actor '" + name + "': " + e.getMessage(),
        e);
  }
}
