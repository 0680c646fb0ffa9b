// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jberet.util.BatchUtil;
import org.jspecify.annotations.Nullable;

/** Reads what ran. */
final class HistoryRepository {
  private static final List<String> METRICS =
      List.of(
          "READ_COUNT",
          "WRITE_COUNT",
          "COMMIT_COUNT",
          "ROLLBACK_COUNT",
          "READ_SKIP_COUNT",
          "PROCESS_SKIP_COUNT",
          "FILTER_COUNT",
          "WRITE_SKIP_COUNT");

  private static final String EXECUTIONS =
      "SELECT E.JOBEXECUTIONID, E.JOBINSTANCEID, I.JOBNAME, E.BATCHSTATUS, E.EXITSTATUS,"
          + " E.CREATETIME, E.STARTTIME, E.ENDTIME, E.LASTUPDATEDTIME, E.JOBPARAMETERS,"
          + " R.SERVER_ID, R.REASON FROM JOB_EXECUTION E"
          + " JOIN JOB_INSTANCE I ON I.JOBINSTANCEID = E.JOBINSTANCEID"
          + " LEFT JOIN EXECUTION_RECORD R ON R.EXECUTION_ID = E.JOBEXECUTIONID";

  private static final String STEPS =
      "SELECT S.STEPEXECUTIONID, S.JOBEXECUTIONID, E.JOBINSTANCEID, S.STEPNAME, S.BATCHSTATUS,"
          + " S.EXITSTATUS, S.STARTTIME, S.ENDTIME, S.READCOUNT, S.WRITECOUNT, S.COMMITCOUNT,"
          + " S.ROLLBACKCOUNT, S.READSKIPCOUNT, S.PROCESSSKIPCOUNT, S.FILTERCOUNT,"
          + " S.WRITESKIPCOUNT FROM STEP_EXECUTION S"
          + " JOIN JOB_EXECUTION E ON E.JOBEXECUTIONID = S.JOBEXECUTIONID";

  private static final String PARTITIONS =
      "SELECT P.PARTITIONEXECUTIONID, P.BATCHSTATUS, P.EXITSTATUS, L.START_TIME, L.END_TIME,"
          + " CASE WHEN L.HOLDER LIKE '%/%' THEN SUBSTRING(L.HOLDER FROM 1 FOR"
          + " POSITION('/' IN L.HOLDER) - 1) ELSE R.SERVER_ID END, L.ATTEMPT, CASE WHEN"
          + " W.STATE IN ('WAITING', 'ADOPTED') AND L.HOLDER = '' AND L.END_TIME IS NULL"
          + " THEN D.WAITS ELSE '' END, L.READ_COUNT, L.WRITE_COUNT, L.COMMIT_COUNT,"
          + " L.ROLLBACK_COUNT, L.READ_SKIP_COUNT, L.PROCESS_SKIP_COUNT, L.FILTER_COUNT,"
          + " L.WRITE_SKIP_COUNT FROM PARTITION_EXECUTION P"
          + " JOIN STEP_EXECUTION S ON S.STEPEXECUTIONID = P.STEPEXECUTIONID"
          + " LEFT JOIN EXECUTION_RECORD R ON R.EXECUTION_ID = S.JOBEXECUTIONID"
          + " LEFT JOIN PARTITION_WORK W ON W.STEP_EXECUTION_ID = P.STEPEXECUTIONID"
          + " AND W.PARTITION_NUMBER = P.PARTITIONEXECUTIONID"
          + " LEFT JOIN PARTITION_LEASE L"
          + " ON L.STEP_EXECUTION_ID = COALESCE(W.SOURCE, P.STEPEXECUTIONID)"
          + " AND L.PARTITION_NUMBER = P.PARTITIONEXECUTIONID"
          + " LEFT JOIN STEP_DEMAND D ON D.STEP_EXECUTION_ID = L.STEP_EXECUTION_ID"
          + " WHERE P.STEPEXECUTIONID = ? ORDER BY P.PARTITIONEXECUTIONID";

  private final Database database;
  private final JobLog log;
  private final String serverId;
  private final PodScheduler alone;

  /**
   * @param alone knows what waits on a pod that is alone
   */
  HistoryRepository(Database database, JobLog log, PartitaConfig config, PodScheduler alone) {
    this.alone = alone;
    this.database = database;
    this.log = log;
    this.serverId = config.serverId();
  }

  List<JobInstanceInfo> search(InstanceSearch search) {
    return database.call(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(search.sql())) {
            List<Object> values = search.values();
            for (int i = 0; i < values.size(); i++) {
              select.setObject(i + 1, values.get(i));
            }
            List<JobInstanceInfo> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(instance(row));
              }
            }
            return found;
          }
        });
  }

  /** Newest first. */
  List<JobExecutionInfo> executions(long instanceId) {
    return list(
        EXECUTIONS + " WHERE E.JOBINSTANCEID = ? ORDER BY E.JOBEXECUTIONID DESC",
        instanceId,
        this::execution);
  }

  List<JobExecutionInfo> execution(long executionId) {
    return list(EXECUTIONS + " WHERE E.JOBEXECUTIONID = ?", executionId, this::execution);
  }

  List<StepExecutionInfo> steps(long executionId) {
    return withPartitions(
        list(
            STEPS + " WHERE S.JOBEXECUTIONID = ? ORDER BY S.STEPEXECUTIONID",
            executionId,
            HistoryRepository::step));
  }

  List<StepExecutionInfo> step(long stepExecutionId) {
    return withPartitions(
        list(STEPS + " WHERE S.STEPEXECUTIONID = ?", stepExecutionId, HistoryRepository::step));
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> list(String sql, long key, Row<T> reader) {
    return database.call(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, key);
            List<T> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(reader.read(row));
              }
            }
            return found;
          }
        });
  }

  private static JobInstanceInfo instance(ResultSet row) throws SQLException {
    String status = row.getString(6);
    BatchState state = status == null ? BatchState.STARTING : BatchState.valueOf(status);
    Instant created = instant(row, 8, Instant.EPOCH);
    return new JobInstanceInfo(
        row.getLong(1),
        text(row, 2),
        text(row, 3),
        text(row, 4),
        text(row, 5),
        state,
        InstanceState.of(state),
        text(row, 7),
        created,
        instant(row, 9, created));
  }

  private JobExecutionInfo execution(ResultSet row) throws SQLException {
    long executionId = row.getLong(1);
    Map<String, String> parameters = new LinkedHashMap<>();
    BatchUtil.stringToProperties(row.getString(10))
        .forEach((key, value) -> parameters.put(key.toString(), value.toString()));
    Instant created = instant(row, 6, Instant.EPOCH);
    String server = text(row, 11);
    return new JobExecutionInfo(
        executionId,
        row.getLong(2),
        text(row, 3),
        BatchState.valueOf(row.getString(4)),
        text(row, 5),
        created,
        instant(row, 7),
        instant(row, 8),
        instant(row, 9, created),
        parameters,
        server.isEmpty() ? serverId : server,
        log.file(executionId).toString(),
        text(row, 12));
  }

  private static StepExecutionInfo step(ResultSet row) throws SQLException {
    return new StepExecutionInfo(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        text(row, 4),
        BatchState.valueOf(row.getString(5)),
        text(row, 6),
        instant(row, 7),
        instant(row, 8),
        metrics(row, 9),
        List.of());
  }

  private List<StepExecutionInfo> withPartitions(List<StepExecutionInfo> steps) {
    return steps.stream().map(this::withPartitions).toList();
  }

  private StepExecutionInfo withPartitions(StepExecutionInfo step) {
    List<PartitionInfo> partitions =
        list(
            PARTITIONS,
            step.stepExecutionId(),
            row -> withReason(partition(row), step.stepExecutionId()));
    if (partitions.isEmpty()) {
      return step;
    }
    Map<String, Long> sums = new LinkedHashMap<>();
    for (PartitionInfo partition : partitions) {
      partition.metrics().forEach((name, value) -> sums.merge(name, value, Long::sum));
    }
    return new StepExecutionInfo(
        step.stepExecutionId(),
        step.executionId(),
        step.instanceId(),
        step.stepName(),
        step.batchState(),
        step.exitStatus(),
        step.startTime(),
        step.endTime(),
        sums,
        partitions);
  }

  private PartitionInfo withReason(PartitionInfo partition, long stepExecutionId) {
    if (partition.attempt() > 0 || partition.batchState().ended()) {
      return partition;
    }
    return alone
        .waitingReason(Long.toString(stepExecutionId))
        .map(partition::waitsFor)
        .orElse(partition);
  }

  private static PartitionInfo partition(ResultSet row) throws SQLException {
    return new PartitionInfo(
        row.getInt(1),
        BatchState.valueOf(row.getString(2)),
        text(row, 3),
        instant(row, 4),
        instant(row, 5),
        text(row, 6),
        row.getLong(7),
        text(row, 8),
        metrics(row, 9));
  }

  private static Map<String, Long> metrics(ResultSet row, int from) throws SQLException {
    Map<String, Long> metrics = new LinkedHashMap<>();
    for (int i = 0; i < METRICS.size(); i++) {
      metrics.put(METRICS.get(i), row.getLong(from + i));
    }
    return metrics;
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String value = row.getString(column);
    return value == null ? "" : value;
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    Timestamp value = row.getTimestamp(column);
    return value == null ? null : value.toInstant();
  }

  private static Instant instant(ResultSet row, int column, Instant otherwise) throws SQLException {
    Instant value = instant(row, column);
    return value == null ? otherwise : value;
  }
}
