// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.BatchStatus;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Reads PARTITION_EXECUTION as the database has it: JBeret's own calls may answer from memory, and
 * know only one step execution at a time.
 */
final class PartitionRepository {
  private static final String COLUMNS =
      "SELECT P.PARTITIONEXECUTIONID, P.STEPEXECUTIONID, P.BATCHSTATUS, P.EXITSTATUS,"
          + " P.PERSISTENTUSERDATA, P.READERCHECKPOINTINFO, P.WRITERCHECKPOINTINFO";

  private final Database database;

  PartitionRepository(Database database) {
    this.database = database;
  }

  /**
   * A partition as a successor finds it.
   *
   * @param execution of the step execution that works or worked on it
   * @param open a pod works on it, or will, or its result was not taken yet
   */
  record Left(PartitionExecutionImpl execution, boolean open) {}

  Optional<PartitionExecutionImpl> find(PartitionKey key, String stepName) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  COLUMNS
                      + " FROM PARTITION_EXECUTION P"
                      + " WHERE P.STEPEXECUTIONID = ? AND P.PARTITIONEXECUTIONID = ?")) {
            select.setLong(1, key.stepExecutionId());
            select.setInt(2, key.partition());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(execution(row, stepName)) : Optional.empty();
            }
          }
        });
  }

  /**
   * The partitions of a step that was left, by number, each as the newest execution has it that had
   * come to it: one that died early has rows for some only, and none for those that had completed
   * before it. Where an execution only waited for the work of an earlier one, that work counts.
   */
  Map<Integer, Left> left(long stepExecutionId, String stepName) {
    return database.call(
        connection -> {
          Map<Integer, Left> own = new TreeMap<>();
          Map<Integer, Left> former = new TreeMap<>();
          boolean begunAnew = false;
          try (PreparedStatement select =
              connection.prepareStatement(
                  COLUMNS
                      + ", CASE WHEN W.STATE IN ('WAITING', 'RUNNING')"
                      + " OR (W.STATE = 'ENDED' AND W.TAKEN_BY <> A.STEPEXECUTIONID)"
                      + " THEN 1 ELSE 0 END,"
                      + " A.PARTITIONEXECUTIONID, A.STEPEXECUTIONID FROM STEP_EXECUTION S"
                      + " JOIN JOB_EXECUTION E ON E.JOBEXECUTIONID = S.JOBEXECUTIONID"
                      + " JOIN JOB_EXECUTION E2 ON E2.JOBINSTANCEID = E.JOBINSTANCEID"
                      + " JOIN STEP_EXECUTION S2 ON S2.JOBEXECUTIONID = E2.JOBEXECUTIONID"
                      + " AND S2.STEPNAME = S.STEPNAME AND S2.STEPEXECUTIONID <= S.STEPEXECUTIONID"
                      + " JOIN PARTITION_EXECUTION A ON A.STEPEXECUTIONID = S2.STEPEXECUTIONID"
                      + " LEFT JOIN PARTITION_WORK AW ON AW.STEP_EXECUTION_ID = A.STEPEXECUTIONID"
                      + " AND AW.PARTITION_NUMBER = A.PARTITIONEXECUTIONID"
                      + " JOIN PARTITION_EXECUTION P"
                      + " ON P.STEPEXECUTIONID = COALESCE(AW.SOURCE, A.STEPEXECUTIONID)"
                      + " AND P.PARTITIONEXECUTIONID = A.PARTITIONEXECUTIONID"
                      + " LEFT JOIN PARTITION_WORK W ON W.STEP_EXECUTION_ID = P.STEPEXECUTIONID"
                      + " AND W.PARTITION_NUMBER = P.PARTITIONEXECUTIONID"
                      + " WHERE S.STEPEXECUTIONID = ? AND (A.STEPEXECUTIONID = S.STEPEXECUTIONID"
                      + " OR NOT EXISTS (SELECT 1 FROM STEP_EXECUTION C JOIN JOB_EXECUTION CE"
                      + " ON CE.JOBEXECUTIONID = C.JOBEXECUTIONID"
                      + " WHERE CE.JOBINSTANCEID = E.JOBINSTANCEID AND C.STEPNAME = S.STEPNAME"
                      + " AND C.BATCHSTATUS = 'COMPLETED'"
                      + " AND C.STEPEXECUTIONID >= S2.STEPEXECUTIONID"
                      + " AND C.STEPEXECUTIONID < S.STEPEXECUTIONID))"
                      + " ORDER BY A.STEPEXECUTIONID DESC, A.PARTITIONEXECUTIONID")) {
            select.setLong(1, stepExecutionId);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                int number = row.getInt(9);
                Left left = new Left(execution(row, stepName), row.getInt(8) == 1);
                if (row.getLong(10) == stepExecutionId) {
                  own.put(number, left);
                } else if (!own.containsKey(number)) {
                  former.putIfAbsent(number, left);
                } else {
                  begunAnew |= differ(own.get(number), left);
                }
              }
            }
          }
          if (!begunAnew) {
            own.putAll(former);
          }
          return own;
        });
  }

  /** A partition that had completed and was run again all the same: the plan was overridden. */
  private static boolean differ(@Nullable Left now, Left before) {
    return now != null
        && before.execution.getBatchStatus() == BatchStatus.COMPLETED
        && now.execution.getStepExecutionId() != before.execution.getStepExecutionId();
  }

  private static PartitionExecutionImpl execution(ResultSet row, String stepName)
      throws SQLException {
    return new PartitionExecutionImpl(
        row.getInt(1),
        row.getLong(2),
        stepName,
        BatchStatus.valueOf(row.getString(3)),
        row.getString(4),
        row.getBytes(5),
        row.getBytes(6),
        row.getBytes(7));
  }
}
