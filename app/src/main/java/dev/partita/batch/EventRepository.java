// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Table JOB_EVENT. */
final class EventRepository {
  private final Database database;

  EventRepository(Database database) {
    this.database = database;
  }

  /**
   * Appends the events of one instance, in one transaction.
   *
   * @return false if the instance is gone, and nothing was written
   */
  boolean append(long instanceId, List<JobEvent> events) {
    return database.call(
        connection -> {
          if (!lockInstance(connection, instanceId)) {
            return false;
          }
          long seq = lastSeq(connection, instanceId);
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO JOB_EVENT (INSTANCE_ID, SEQ, TYPE, DATA) VALUES (?, ?, ?, ?)")) {
            for (JobEvent event : events) {
              seq++;
              insert.setLong(1, instanceId);
              insert.setLong(2, seq);
              insert.setString(3, event.type().name());
              insert.setString(4, EventJson.write(event, seq));
              insert.addBatch();
            }
            insert.executeBatch();
          }
          return true;
        });
  }

  List<StoredEvent> after(long instanceId, long seq, int limit, Set<EventType> types) {
    String in =
        types.stream().map(type -> "'" + type.name() + "'").collect(Collectors.joining(","));
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT SEQ, TYPE, DATA FROM JOB_EVENT WHERE INSTANCE_ID = ? AND SEQ > ?"
                      + " AND TYPE IN ("
                      + in
                      + ") ORDER BY SEQ FETCH FIRST "
                      + limit
                      + " ROWS ONLY")) {
            select.setLong(1, instanceId);
            select.setLong(2, seq);
            List<StoredEvent> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(
                    new StoredEvent(
                        instanceId,
                        row.getLong(1),
                        EventType.valueOf(row.getString(2)),
                        row.getString(3)));
              }
            }
            return found;
          }
        });
  }

  /** Orders the writers of one instance, on whichever pod they are. */
  private static boolean lockInstance(Connection connection, long instanceId) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "SELECT INSTANCE_ID FROM JOB_RECORD WHERE INSTANCE_ID = ? FOR UPDATE")) {
      lock.setLong(1, instanceId);
      try (ResultSet row = lock.executeQuery()) {
        return row.next();
      }
    }
  }

  private static long lastSeq(Connection connection, long instanceId) throws SQLException {
    try (PreparedStatement max =
        connection.prepareStatement("SELECT MAX(SEQ) FROM JOB_EVENT WHERE INSTANCE_ID = ?")) {
      max.setLong(1, instanceId);
      try (ResultSet row = max.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
