// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.AttemptHistory;
import dev.partita.scheduling.RetryPolicy;
import jakarta.batch.runtime.BatchStatus;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Partitions that any pod may run: PARTITION_WORK, beside the leases. A partition is WAITING until
 * the leader gives it to a pod, RUNNING, and then ENDED, or WAITING again when its pod hands it
 * back. One whose pod is gone is given to another from RUNNING.
 */
final class WorkRepository {
  /** Holders that are members now. */
  static final String LIVE =
      "EXISTS (SELECT 1 FROM NODE N WHERE N.HOLDER = L.HOLDER AND N.STATE IN ('UP', 'DRAINING'))";

  private static final String KEY = " WHERE STEP_EXECUTION_ID = ? AND PARTITION_NUMBER = ?";
  private static final String WITH_LEASE =
      " FROM PARTITION_WORK W JOIN PARTITION_LEASE L ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
          + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER";

  private final Database database;

  WorkRepository(Database database) {
    this.database = database;
  }

  /** What is wanted of a partition that runs. */
  enum Wish {
    NONE,
    /** It shall end. */
    STOP,
    /** It shall wait again: its gang cannot go on. */
    LEAVE
  }

  /** What became of earlier attempts of a partition, and what its step says about further ones. */
  record Tried(AttemptHistory history, RetryPolicy retry, boolean stop) {}

  /** Notes what a step asks for; before its first partition is posted. */
  void demand(StepDemand step) {
    database.run(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO STEP_DEMAND (STEP_EXECUTION_ID, INSTANCE_ID, EXECUTION_ID,"
                      + " STEP_NAME, PARTITIONS, PROPERTIES) VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, step.stepExecutionId());
            insert.setLong(2, step.instanceId());
            insert.setLong(3, step.executionId());
            insert.setString(4, step.stepName());
            insert.setInt(5, step.partitions());
            insert.setString(6, step.properties());
            insert.executeUpdate();
          }
        });
  }

  /**
   * Posts a partition.
   *
   * @param step the step as JBeret resolved it for this partition, as bytes
   */
  void post(PostedPartition work, String application, byte[] step) {
    insert(work, application, "WAITING", work.key().stepExecutionId(), step);
  }

  /**
   * The partition is what {@code source} does already: its work goes on, under this application.
   */
  void adopt(PostedPartition work, String application, PartitionKey source) {
    insert(work, application, "ADOPTED", source.stepExecutionId(), new byte[0]);
    change(
        "UPDATE PARTITION_WORK SET APPLICATION = ?" + KEY,
        application,
        source.stepExecutionId(),
        source.partition());
  }

  private void insert(
      PostedPartition work, String application, String state, long source, byte[] step) {
    database.run(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO PARTITION_WORK (STEP_EXECUTION_ID, PARTITION_NUMBER, INSTANCE_ID,"
                      + " EXECUTION_ID, STEP_NAME, APPLICATION, STATE, SOURCE, STOP, LEAVE, GPUS,"
                      + " FAILURES, MOVES, DEATHS, COMMITS, TAKEN_BY, READY, STEP) VALUES"
                      + " (?, ?, ?, ?, ?, ?, ?, ?, FALSE, FALSE, '', 0, 0, 0, 0, 0,"
                      + " CURRENT_TIMESTAMP, ?)")) {
            insert.setLong(1, work.key().stepExecutionId());
            insert.setInt(2, work.key().partition());
            insert.setLong(3, work.instanceId());
            insert.setLong(4, work.executionId());
            insert.setString(5, work.stepName());
            insert.setString(6, application);
            insert.setString(7, state);
            insert.setLong(8, source);
            insert.setBytes(9, step);
            insert.executeUpdate();
          }
        });
  }

  /** The row of a partition that was posted. */
  Optional<PostedPartition> find(PartitionKey key) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT INSTANCE_ID, EXECUTION_ID, STEP_NAME FROM PARTITION_WORK" + KEY)) {
            setKey(select, 1, key);
            try (ResultSet row = select.executeQuery()) {
              return row.next()
                  ? Optional.of(
                      new PostedPartition(key, row.getLong(1), row.getLong(2), row.getString(3)))
                  : Optional.empty();
            }
          }
        });
  }

  /** The step as JBeret resolved it for a partition that was posted. */
  byte[] step(PartitionKey key) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT STEP FROM PARTITION_WORK" + KEY)) {
            setKey(select, 1, key);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? row.getBytes(1) : new byte[0];
            }
          }
        });
  }

  /**
   * Its pod does not go on with it: it waits for another. In a transaction of the holder.
   *
   * @param why FAILED and PREEMPTED are counted
   */
  void waiting(PartitionKey key, AttemptEnd why) {
    change(
        "UPDATE PARTITION_EXECUTION SET BATCHSTATUS = 'STARTED'"
            + " WHERE STEPEXECUTIONID = ? AND PARTITIONEXECUTIONID = ? AND BATCHSTATUS = 'FAILED'",
        key.stepExecutionId(),
        key.partition());
    change("UPDATE PARTITION_LEASE SET HOLDER = ''" + KEY, key.stepExecutionId(), key.partition());
    change(
        "UPDATE PARTITION_WORK SET STATE = 'WAITING', LEAVE = FALSE, READY = CURRENT_TIMESTAMP,"
            + " FAILURES = FAILURES + ?, MOVES = MOVES + ?"
            + KEY,
        why == AttemptEnd.FAILED ? 1 : 0,
        why == AttemptEnd.PREEMPTED ? 1 : 0,
        key.stepExecutionId(),
        key.partition());
  }

  /**
   * Something of a step was committed otherwise than by transactions of its partitions. It counts
   * as if each that runs now had committed something.
   */
  void checkpointed(long instanceId, String stepName) {
    change(
        "UPDATE PARTITION_WORK SET CHECKPOINTED = TRUE WHERE INSTANCE_ID = ? AND STEP_NAME = ?"
            + " AND STATE = 'RUNNING' AND NOT CHECKPOINTED",
        instanceId,
        stepName);
  }

  /** Whether a step posted all its partitions; one that died early may not have. */
  boolean allPosted(long stepExecutionId) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT 1 FROM STEP_DEMAND D WHERE D.STEP_EXECUTION_ID = ? AND D.PARTITIONS"
                      + " <= (SELECT COUNT(*) FROM PARTITION_WORK W"
                      + " WHERE W.STEP_EXECUTION_ID = D.STEP_EXECUTION_ID)")) {
            select.setLong(1, stepExecutionId);
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /** Whether some partition of that step, all of which were posted, has not ended. */
  boolean open(long instanceId, String stepName) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT 1 FROM PARTITION_WORK W JOIN STEP_DEMAND D"
                      + " ON D.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                      + " WHERE W.INSTANCE_ID = ? AND W.STEP_NAME = ?"
                      + " AND W.STATE IN ('WAITING', 'RUNNING') AND D.PARTITIONS"
                      + " <= (SELECT COUNT(*) FROM PARTITION_WORK A"
                      + " WHERE A.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID)")) {
            select.setLong(1, instanceId);
            select.setString(2, stepName);
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /** What its pod has to know when an attempt did not complete. */
  Tried tried(PartitionKey key) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT L.ATTEMPT, W.FAILURES, W.MOVES, W.STOP, D.PROPERTIES"
                      + WITH_LEASE
                      + " JOIN STEP_DEMAND D ON D.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                      + " WHERE W.STEP_EXECUTION_ID = ? AND W.PARTITION_NUMBER = ?")) {
            setKey(select, 1, key);
            try (ResultSet row = select.executeQuery()) {
              if (!row.next()) {
                return new Tried(AttemptHistory.NONE, RetryPolicy.DEFAULT, true);
              }
              return new Tried(
                  new AttemptHistory(row.getLong(1), row.getInt(2), row.getInt(3), 0),
                  StepDemand.parse(row.getString(5)).retry(),
                  row.getBoolean(4));
            }
          }
        });
  }

  /**
   * Who takes part in that attempt of a gang, by partition number: those that ended well, too. A
   * member that is missing has left it, and then the attempt is over.
   */
  List<GangMember> gang(long stepExecutionId, long attempt) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT W.PARTITION_NUMBER, L.HOLDER, N.ADDRESS, W.GPUS"
                      + WITH_LEASE
                      + " JOIN NODE N ON N.HOLDER = L.HOLDER"
                      + " WHERE W.STEP_EXECUTION_ID = ? AND L.ATTEMPT = ?"
                      + " ORDER BY W.PARTITION_NUMBER")) {
            select.setLong(1, stepExecutionId);
            select.setLong(2, attempt);
            List<GangMember> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(
                    new GangMember(
                        row.getInt(1), row.getString(2), row.getString(3), row.getString(4)));
              }
            }
            return found;
          }
        });
  }

  /**
   * It ended, and PARTITION_EXECUTION says how. In a transaction of the holder.
   *
   * @param reason why it failed; empty if it did not
   */
  void ended(PartitionKey key, String reason) {
    change(
        "UPDATE PARTITION_WORK SET STATE = 'ENDED', REASON = ?" + KEY,
        reason,
        key.stepExecutionId(),
        key.partition());
  }

  /** Ends a partition that nobody runs. In a transaction that counted its attempt up. */
  void endUnrun(PartitionKey key, BatchStatus status, String reason) {
    change(
        "UPDATE PARTITION_EXECUTION SET BATCHSTATUS = ?, EXITSTATUS = ?"
            + " WHERE STEPEXECUTIONID = ? AND PARTITIONEXECUTIONID = ?",
        status.name(),
        status.name(),
        key.stepExecutionId(),
        key.partition());
    change(
        "UPDATE PARTITION_LEASE SET END_TIME = CURRENT_TIMESTAMP" + KEY,
        key.stepExecutionId(),
        key.partition());
    ended(key, reason);
  }

  /**
   * Asks for an end of these partitions; one that nobody runs ends at once. The lease is locked
   * first here, as everywhere.
   */
  void wishStop(Collection<PartitionKey> keys) {
    for (PartitionKey key : keys) {
      database.within(
          () -> {
            int unrun =
                change(
                    "UPDATE PARTITION_LEASE SET ATTEMPT = ATTEMPT + 1"
                        + KEY
                        + " AND END_TIME IS NULL AND HOLDER = ''",
                    key.stepExecutionId(),
                    key.partition());
            change(
                "UPDATE PARTITION_WORK SET STOP = TRUE" + KEY,
                key.stepExecutionId(),
                key.partition());
            if (unrun > 0) {
              endUnrun(key, BatchStatus.STOPPED, "");
            }
            return unrun;
          });
    }
  }

  /** Nothing of the instance's open partitions (of one step, unless empty) is wanted any more. */
  void cancel(long instanceId, String stepName) {
    String open =
        " WHERE INSTANCE_ID = ? AND (STEP_NAME = ? OR ? = '') AND STATE IN ('WAITING', 'RUNNING')";
    database.within(
        () -> {
          change(
              "UPDATE PARTITION_LEASE SET ATTEMPT = ATTEMPT + 1, END_TIME = CURRENT_TIMESTAMP"
                  + " WHERE (STEP_EXECUTION_ID, PARTITION_NUMBER) IN"
                  + " (SELECT STEP_EXECUTION_ID, PARTITION_NUMBER FROM PARTITION_WORK"
                  + open
                  + ")",
              instanceId,
              stepName,
              stepName);
          return change(
              "UPDATE PARTITION_WORK SET STATE = 'CANCELED'" + open,
              instanceId,
              stepName,
              stepName);
        });
  }

  /** The attempts that a holder shall work on, and what is wanted of each. */
  Map<PartitionClaim, Wish> held(String holder) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT W.STEP_EXECUTION_ID, W.PARTITION_NUMBER, L.ATTEMPT, W.STOP, W.LEAVE"
                      + WITH_LEASE
                      + " WHERE W.STATE = 'RUNNING' AND L.HOLDER = ?"
                      + " ORDER BY W.STEP_EXECUTION_ID, W.PARTITION_NUMBER")) {
            select.setString(1, holder);
            Map<PartitionClaim, Wish> found = new LinkedHashMap<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.put(
                    new PartitionClaim(row.getLong(1), row.getInt(2), row.getLong(3)),
                    row.getBoolean(4) ? Wish.STOP : row.getBoolean(5) ? Wish.LEAVE : Wish.NONE);
              }
            }
            return found;
          }
        });
  }

  /**
   * Which partitions ended whose result {@code taker} has not taken, with the reason of those that
   * failed.
   *
   * @param taker a step execution
   */
  Map<PartitionKey, String> results(Collection<Long> stepExecutionIds, long taker) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT STEP_EXECUTION_ID, PARTITION_NUMBER, COALESCE(REASON, '')"
                      + " FROM PARTITION_WORK WHERE STATE = 'ENDED' AND TAKEN_BY <> ?"
                      + " AND STEP_EXECUTION_ID IN "
                      + list(stepExecutionIds))) {
            select.setLong(1, taker);
            Map<PartitionKey, String> found = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.put(new PartitionKey(row.getLong(1), row.getInt(2)), row.getString(3));
              }
            }
            return found;
          }
        });
  }

  /** Notes that the results are taken, so that they are not looked at again. */
  void taken(Collection<PartitionKey> keys, long taker) {
    database.run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement("UPDATE PARTITION_WORK SET TAKEN_BY = ?" + KEY)) {
            for (PartitionKey key : keys) {
              update.setLong(1, taker);
              setKey(update, 2, key);
              update.addBatch();
            }
            update.executeBatch();
          }
        });
  }

  /** What a collector said. */
  void addData(PartitionKey key, byte[] data) {
    database.run(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO PARTITION_DATA (STEP_EXECUTION_ID, PARTITION_NUMBER, DATA)"
                      + " VALUES (?, ?, ?)")) {
            setKey(insert, 1, key);
            insert.setBytes(3, data);
            insert.executeUpdate();
          }
        });
  }

  /** Takes away what collectors of these step executions said, in the order they did. */
  List<byte[]> takeData(Collection<Long> stepExecutionIds) {
    return database.call(
        connection -> {
          List<Long> seen = new ArrayList<>();
          List<byte[]> found = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT SEQ, DATA FROM PARTITION_DATA WHERE STEP_EXECUTION_ID IN "
                      + list(stepExecutionIds)
                      + " ORDER BY SEQ")) {
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                seen.add(row.getLong(1));
                found.add(row.getBytes(2));
              }
            }
          }
          if (!seen.isEmpty()) {
            try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM PARTITION_DATA WHERE SEQ = ?")) {
              for (long seq : seen) {
                delete.setLong(1, seq);
                delete.addBatch();
              }
              delete.executeBatch();
            }
          }
          return found;
        });
  }

  /** Numbers only: an IN list needs no quoting. */
  private static String list(Collection<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  private int change(String sql, Object... values) {
    return database.call(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
          }
        });
  }

  private static void setKey(PreparedStatement statement, int from, PartitionKey key)
      throws SQLException {
    statement.setLong(from, key.stepExecutionId());
    statement.setInt(from + 1, key.partition());
  }
}
