// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PodClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Partita keeps of jobs beside JBeret's tables: the definition an instance runs, who sent it,
 * which process runs an execution; and the changes to JBeret's rows that JBeret has no call for.
 */
final class JobRecordRepository {
  private final Database database;
  private final String serverId;
  private final Cluster cluster;

  JobRecordRepository(Database database, String serverId, Cluster cluster) {
    this.database = database;
    this.serverId = serverId;
    this.cluster = cluster;
  }

  /**
   * An execution that its process left unfinished.
   *
   * @param stopping it was asked to stop
   * @param died its process died while it ran; false if it waited for its turn, if the process
   *     ended in good order, or if it is this one
   * @param begun by the database's clock
   */
  record Unfinished(
      long executionId, long instanceId, boolean stopping, boolean died, Instant begun) {}

  void addInstance(long instanceId, String submitter, String jobXmlName, String jsl) {
    database.run(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO JOB_RECORD (INSTANCE_ID, SUBMITTER, JOB_XML_NAME, JSL, CREATE_TIME)"
                      + " VALUES (?, ?, ?, ?, ?)")) {
            insert.setLong(1, instanceId);
            insert.setString(2, submitter);
            insert.setString(3, jobXmlName);
            insert.setString(4, jsl);
            insert.setTimestamp(5, Timestamp.from(PodClock.now()));
            insert.executeUpdate();
          }
        });
  }

  /** Makes the execution the newest of its instance, run by this process. */
  void addExecution(long executionId, long instanceId, long formerExecutionId) {
    database.run(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO EXECUTION_RECORD"
                      + " (EXECUTION_ID, SERVER_ID, INCARNATION, FORMER_EXECUTION_ID)"
                      + " VALUES (?, ?, ?, ?)")) {
            insert.setLong(1, executionId);
            insert.setString(2, serverId);
            insert.setString(3, cluster.holder());
            insert.setLong(4, formerExecutionId);
            insert.executeUpdate();
          }
          update(
              connection,
              "UPDATE JOB_RECORD SET LAST_EXECUTION_ID = ? WHERE INSTANCE_ID = ?",
              executionId,
              instanceId);
        });
  }

  /** The definition the instance was submitted with. */
  Optional<String> jsl(long instanceId) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT JSL FROM JOB_RECORD WHERE INSTANCE_ID = ?")) {
            select.setLong(1, instanceId);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
          }
        });
  }

  /** Who sent the instance; empty if nobody knows. */
  static String submitter(Database database, long instanceId) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT SUBMITTER FROM JOB_RECORD WHERE INSTANCE_ID = ?")) {
            select.setLong(1, instanceId);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? row.getString(1) : "";
            }
          }
        });
  }

  /** The newest execution of the instance, 0 if none; locks the instance for this transaction. */
  long lockAndReadLastExecution(long instanceId) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT LAST_EXECUTION_ID FROM JOB_RECORD WHERE INSTANCE_ID = ? FOR UPDATE")) {
            select.setLong(1, instanceId);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? row.getLong(1) : 0L;
            }
          }
        });
  }

  /** Keeps the wish to stop, so that it outlives this process. */
  void markStopping(long executionId) {
    database.run(
        connection ->
            update(
                connection,
                "UPDATE JOB_EXECUTION SET BATCHSTATUS = 'STOPPING',"
                    + " LASTUPDATEDTIME = CURRENT_TIMESTAMP WHERE JOBEXECUTIONID = ?"
                    + " AND BATCHSTATUS IN ('STARTING', 'STARTED')",
                executionId));
  }

  /** Marks an execution FAILED whose thread died before it could say so itself. */
  void markFailed(long executionId, String exitStatus) {
    database.run(connection -> end(connection, executionId, "FAILED", exitStatus));
  }

  /**
   * Executions that were left unfinished, oldest first: by a former life of this server, or, where
   * pods share the database, by any pod that is gone.
   */
  List<Unfinished> left() {
    return unfinished(
        cluster.shared()
            ? " AND R.EXECUTION_ID IS NOT NULL AND NOT EXISTS (SELECT 1 FROM NODE N"
                + " WHERE N.HOLDER = R.INCARNATION AND N.STATE IN ('UP', 'DRAINING'))"
            : " AND COALESCE(R.SERVER_ID, ?) = ? AND COALESCE(R.INCARNATION, '') <> ?",
        cluster.shared() ? List.of() : List.of(serverId, serverId, cluster.holder()));
  }

  /**
   * Executions that this process owns and that have not ended, whether something runs them or not.
   */
  List<Unfinished> owned() {
    return unfinished(" AND R.INCARNATION = ?", List.of(cluster.holder()));
  }

  private List<Unfinished> unfinished(String which, List<String> values) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT E.JOBEXECUTIONID, E.JOBINSTANCEID, E.BATCHSTATUS, R.INCARNATION,"
                      + " COALESCE(R.BEGUN, E.CREATETIME) FROM JOB_EXECUTION E"
                      + " LEFT JOIN EXECUTION_RECORD R ON R.EXECUTION_ID = E.JOBEXECUTIONID"
                      + " WHERE E.BATCHSTATUS IN ('STARTING', 'STARTED', 'STOPPING')"
                      + which
                      + " ORDER BY E.JOBEXECUTIONID")) {
            for (int i = 0; i < values.size(); i++) {
              select.setString(i + 1, values.get(i));
            }
            List<Unfinished> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                String status = row.getString(3);
                found.add(
                    new Unfinished(
                        row.getLong(1),
                        row.getLong(2),
                        status.equals("STOPPING"),
                        !status.equals("STARTING")
                            && !"".equals(row.getString(4))
                            && !cluster.holder().equals(row.getString(4)),
                        row.getTimestamp(5).toInstant()));
              }
            }
            return found;
          }
        });
  }

  /** Executions of this process that somebody, perhaps by way of another pod, wants to stop. */
  List<Long> stopping() {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT E.JOBEXECUTIONID FROM JOB_EXECUTION E JOIN EXECUTION_RECORD R"
                      + " ON R.EXECUTION_ID = E.JOBEXECUTIONID"
                      + " WHERE E.BATCHSTATUS = 'STOPPING' AND R.INCARNATION = ?")) {
            select.setString(1, cluster.holder());
            List<Long> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(row.getLong(1));
              }
            }
            return found;
          }
        });
  }

  /** Lets unfinished executions of this process be known as left in good order. */
  void release() {
    database.run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE EXECUTION_RECORD SET INCARNATION = '' WHERE INCARNATION = ?"
                      + " AND EXECUTION_ID IN (SELECT JOBEXECUTIONID FROM JOB_EXECUTION"
                      + " WHERE BATCHSTATUS IN ('STARTING', 'STARTED', 'STOPPING'))")) {
            update.setString(1, cluster.holder());
            update.executeUpdate();
          }
        });
  }

  /** Whether the execution committed anything in the engine's own tables. */
  boolean committed(long executionId) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT COUNT(*) FROM STEP_EXECUTION S"
                      + " LEFT JOIN PARTITION_LEASE L ON L.STEP_EXECUTION_ID = S.STEPEXECUTIONID"
                      + " LEFT JOIN PARTITION_EXECUTION P"
                      + " ON P.STEPEXECUTIONID = L.STEP_EXECUTION_ID"
                      + " AND P.PARTITIONEXECUTIONID = L.PARTITION_NUMBER"
                      + " WHERE S.JOBEXECUTIONID = ? AND (S.BATCHSTATUS = 'COMPLETED'"
                      + " OR S.COMMITCOUNT > 0 OR L.COMMIT_COUNT > 0"
                      + " OR (P.BATCHSTATUS = 'COMPLETED' AND L.ATTEMPT > 0))")) {
            select.setLong(1, executionId);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1) > 0;
            }
          }
        });
  }

  /**
   * Whether partitions of the instance that any pod may run committed something since then.
   *
   * @param lease how long a commit renews the lease
   */
  boolean committedElsewhere(long instanceId, Instant since, Duration lease) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT COUNT(*) FROM PARTITION_WORK W JOIN PARTITION_LEASE L"
                      + " ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                      + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER WHERE W.INSTANCE_ID = ?"
                      + " AND (L.COMMIT_COUNT > 0 OR W.STATE = 'ENDED') AND L.LEASE_UNTIL > ?")) {
            select.setLong(1, instanceId);
            select.setTimestamp(2, Timestamp.from(since.plus(lease)));
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1) > 0;
            }
          }
        });
  }

  /**
   * Counts how many processes in a row died under the instance with no commit in between.
   *
   * @param committed whether this execution committed something before it was left
   */
  int countDeaths(Unfinished left, boolean committed) {
    return database.call(
        connection -> {
          update(
              connection,
              "UPDATE JOB_RECORD SET DEATHS = "
                  + (committed ? "0" : "DEATHS")
                  + (left.died() ? " + 1" : "")
                  + " WHERE INSTANCE_ID = ?",
              left.instanceId());
          try (PreparedStatement select =
              connection.prepareStatement("SELECT DEATHS FROM JOB_RECORD WHERE INSTANCE_ID = ?")) {
            select.setLong(1, left.instanceId());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? row.getInt(1) : 0;
            }
          }
        });
  }

  /** Somebody restarted the instance by hand: it has a clean slate. */
  void forgetDeaths(long instanceId) {
    database.run(
        connection ->
            update(
                connection, "UPDATE JOB_RECORD SET DEATHS = 0 WHERE INSTANCE_ID = ?", instanceId));
  }

  /**
   * Holds the execution as it is until the calling transaction ends.
   *
   * @param holder who must own it; empty where only one process can
   * @return false if it has ended, perhaps by a successor that took over
   */
  static boolean lockRunning(Database database, long executionId, String holder) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT JOBEXECUTIONID, "
                      + database.releasedWhenFrozen()
                      + " FROM JOB_EXECUTION WHERE JOBEXECUTIONID = ?"
                      + " AND BATCHSTATUS IN ('STARTING', 'STARTED', 'STOPPING')"
                      + (holder.isEmpty()
                          ? ""
                          : " AND EXISTS (SELECT 1 FROM EXECUTION_RECORD R"
                              + " WHERE R.EXECUTION_ID = JOBEXECUTIONID AND R.INCARNATION = ?)")
                      + " FOR UPDATE")) {
            select.setLong(1, executionId);
            if (!holder.isEmpty()) {
              select.setString(2, holder);
            }
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /** Whether the holder is the one that decides about the execution. */
  static boolean owns(Database database, long executionId, String holder) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT EXECUTION_ID FROM EXECUTION_RECORD"
                      + " WHERE EXECUTION_ID = ? AND INCARNATION = ?")) {
            select.setLong(1, executionId);
            select.setString(2, holder);
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /** Keeps why an execution failed. */
  static void recordReason(Database database, long executionId, String reason) {
    database.run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE EXECUTION_RECORD SET REASON = ? WHERE EXECUTION_ID = ?")) {
            update.setString(1, reason);
            update.setLong(2, executionId);
            update.executeUpdate();
          }
        });
  }

  /**
   * Ends an execution whose process is gone: STOPPED if it was asked to stop, else FAILED with the
   * given exit status and reason. Its steps and partitions have exit status {@link
   * FencedJobRepository#OWNER_DIED}. Every partition's attempt is counted up, so that nothing of
   * that process can commit any more, except those that any pod may run: a successor adopts them.
   */
  void endLeft(Unfinished left, String exitStatus, String reason) {
    String state = left.stopping() ? "STOPPED" : "FAILED";
    database.run(
        connection -> {
          // First: from here on nothing can be added to it that the statements below would miss.
          end(connection, left.executionId(), state, left.stopping() ? state : exitStatus);
          String open =
              " AND (%s, %s) NOT IN (SELECT STEP_EXECUTION_ID, PARTITION_NUMBER"
                  + " FROM PARTITION_WORK WHERE STATE IN ('WAITING', 'RUNNING'))";
          String steps = " (SELECT STEPEXECUTIONID FROM STEP_EXECUTION WHERE JOBEXECUTIONID = ?)";
          update(
              connection,
              "UPDATE PARTITION_LEASE SET ATTEMPT = ATTEMPT + 1,"
                  + " END_TIME = COALESCE(END_TIME, CURRENT_TIMESTAMP)"
                  + " WHERE STEP_EXECUTION_ID IN"
                  + steps
                  + open.formatted("STEP_EXECUTION_ID", "PARTITION_NUMBER"),
              left.executionId());
          update(
              connection,
              "UPDATE PARTITION_EXECUTION SET BATCHSTATUS = '"
                  + state
                  + "' WHERE BATCHSTATUS IN ('STARTING', 'STARTED', 'STOPPING')"
                  + " AND STEPEXECUTIONID IN"
                  + steps
                  + open.formatted("STEPEXECUTIONID", "PARTITIONEXECUTIONID"),
              left.executionId());
          update(
              connection,
              "UPDATE STEP_EXECUTION SET BATCHSTATUS = '"
                  + state
                  + "', EXITSTATUS = '"
                  + FencedJobRepository.OWNER_DIED
                  + "', ENDTIME = CURRENT_TIMESTAMP"
                  + " WHERE BATCHSTATUS IN ('STARTING', 'STARTED', 'STOPPING')"
                  + " AND JOBEXECUTIONID = ?",
              left.executionId());
        });
    if (!left.stopping()) {
      recordReason(database, left.executionId(), reason);
    }
  }

  /** Forgets the instance with everything that hangs on it. */
  void delete(long instanceId) {
    database.run(
        connection ->
            update(connection, "DELETE FROM JOB_INSTANCE WHERE JOBINSTANCEID = ?", instanceId));
  }

  private static void end(Connection connection, long executionId, String state, String exitStatus)
      throws SQLException {
    try (PreparedStatement end =
        connection.prepareStatement(
            "UPDATE JOB_EXECUTION SET BATCHSTATUS = ?, EXITSTATUS = ?,"
                + " ENDTIME = CURRENT_TIMESTAMP, LASTUPDATEDTIME = CURRENT_TIMESTAMP"
                + " WHERE JOBEXECUTIONID = ?"
                + " AND BATCHSTATUS IN ('STARTING', 'STARTED', 'STOPPING')")) {
      end.setString(1, state);
      end.setString(2, exitStatus);
      end.setLong(3, executionId);
      end.executeUpdate();
    }
  }

  private static void update(Connection connection, String sql, long... keys) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < keys.length; i++) {
        statement.setLong(i + 1, keys[i]);
      }
      statement.executeUpdate();
    }
  }
}
