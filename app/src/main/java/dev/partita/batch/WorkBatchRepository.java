// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.Metric.MetricType;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jberet.runtime.PartitionExecutionImpl;
import org.jberet.runtime.metric.StepMetrics;

/**
 * What happens to many posted partitions at once, in few statements and one transaction: one by
 * one, each costs a flush of the disk. The rules are those of {@link WorkRepository} and {@link
 * LeaseRepository}.
 */
final class WorkBatchRepository {
  private static final List<MetricType> METRICS =
      List.of(
          MetricType.READ_COUNT,
          MetricType.WRITE_COUNT,
          MetricType.COMMIT_COUNT,
          MetricType.ROLLBACK_COUNT,
          MetricType.READ_SKIP_COUNT,
          MetricType.PROCESS_SKIP_COUNT,
          MetricType.FILTER_COUNT,
          MetricType.WRITE_SKIP_COUNT);

  private static final String COUNTS =
      METRICS.stream().map(metric -> "L." + metric.name()).collect(Collectors.joining(", "));
  private static final String JOINED =
      " FROM PARTITION_WORK W JOIN PARTITION_LEASE L ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
          + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER JOIN PARTITION_EXECUTION P"
          + " ON P.STEPEXECUTIONID = W.STEP_EXECUTION_ID"
          + " AND P.PARTITIONEXECUTIONID = W.PARTITION_NUMBER";
  private static final String KEY = " WHERE STEP_EXECUTION_ID = ? AND PARTITION_NUMBER = ?";

  private final Database database;
  private final String leaseEnd;

  WorkBatchRepository(Database database, Duration lease) {
    this.database = database;
    this.leaseEnd = "CURRENT_TIMESTAMP + INTERVAL '" + lease.toMillis() / 1e3 + "' SECOND";
  }

  /**
   * A partition that this pod was given, as its last holder left it.
   *
   * @param step as JBeret resolved it for this partition, as bytes
   */
  record Given(PostedPartition posted, PartitionExecutionImpl execution, ByteBuffer step) {}

  /**
   * How a partition ended.
   *
   * @param reason why it failed; empty if it did not
   */
  record End(PartitionClaim claim, PartitionExecutionImpl execution, String reason) {}

  /** What a step is told of a partition that ended. */
  record Result(PartitionExecutionImpl execution, String reason) {}

  /** Makes the rows of partitions that nobody has claimed yet, with the positions they go on at. */
  void add(List<PartitionExecutionImpl> partitions) {
    database.run(
        connection -> {
          try (PreparedStatement execution =
                  connection.prepareStatement(
                      "INSERT INTO PARTITION_EXECUTION (STEPEXECUTIONID, PARTITIONEXECUTIONID,"
                          + " BATCHSTATUS, EXITSTATUS, PERSISTENTUSERDATA, READERCHECKPOINTINFO,"
                          + " WRITERCHECKPOINTINFO) VALUES (?, ?, ?, ?, ?, ?, ?)");
              PreparedStatement lease = connection.prepareStatement(LeaseRepository.INSERT)) {
            for (PartitionExecutionImpl partition : partitions) {
              execution.setLong(1, partition.getStepExecutionId());
              execution.setInt(2, partition.getPartitionId());
              execution.setString(3, partition.getBatchStatus().name());
              execution.setString(4, partition.getExitStatus());
              execution.setBytes(5, partition.getPersistentUserDataSerialized());
              execution.setBytes(6, partition.getReaderCheckpointInfoSerialized());
              execution.setBytes(7, partition.getWriterCheckpointInfoSerialized());
              execution.addBatch();
              lease.setLong(1, partition.getStepExecutionId());
              lease.setInt(2, partition.getPartitionId());
              lease.addBatch();
            }
            execution.executeBatch();
            lease.executeBatch();
          }
        });
  }

  /** What is to be run under these claims; a partition that is purged is missing. */
  Map<PartitionKey, Given> given(Collection<PartitionClaim> claims) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      PartitionRepository.COLUMNS
                          + ", W.STEP_NAME, W.INSTANCE_ID, W.EXECUTION_ID, W.STEP, "
                          + COUNTS
                          + JOINED
                          + " WHERE (W.STEP_EXECUTION_ID, W.PARTITION_NUMBER) IN "
                          + claims.stream()
                              .map(c -> "(" + c.stepExecutionId() + ", " + c.partition() + ")")
                              .collect(Collectors.joining(", ", "(", ")")));
              ResultSet row = select.executeQuery()) {
            Map<PartitionKey, Given> found = new HashMap<>();
            while (row.next()) {
              PartitionExecutionImpl execution =
                  PartitionRepository.execution(row, row.getString(8));
              readMetrics(row, 12, execution.getStepMetrics());
              PartitionKey key =
                  new PartitionKey(execution.getStepExecutionId(), execution.getPartitionId());
              found.put(
                  key,
                  new Given(
                      new PostedPartition(
                          key, row.getLong(9), row.getLong(10), execution.getStepName()),
                      execution,
                      ByteBuffer.wrap(row.getBytes(11))));
            }
            return found;
          }
        });
  }

  /**
   * Stores the ends of partitions, each under its claim: its lease is locked first, as everywhere.
   * One whose lease another transaction has locked is left out instead of waited for, so that
   * nobody waits for two of them in another order.
   *
   * @return the claims whose ends are stored; of the others nothing is
   */
  Set<PartitionClaim> end(List<End> ends) {
    return database.within(
        () -> {
          Set<PartitionClaim> held = lock(ends);
          write(ends.stream().filter(end -> held.contains(end.claim())).toList());
          return held;
        });
  }

  private Set<PartitionClaim> lock(List<End> ends) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT STEP_EXECUTION_ID, PARTITION_NUMBER, ATTEMPT, "
                          + database.releasedWhenFrozen()
                          + " FROM PARTITION_LEASE WHERE"
                          + " (STEP_EXECUTION_ID, PARTITION_NUMBER, ATTEMPT) IN "
                          + ends.stream()
                              .map(End::claim)
                              .map(
                                  c ->
                                      "("
                                          + c.stepExecutionId()
                                          + ", "
                                          + c.partition()
                                          + ", "
                                          + c.attempt()
                                          + ")")
                              .collect(Collectors.joining(", ", "(", ")"))
                          + " FOR UPDATE SKIP LOCKED");
              ResultSet row = select.executeQuery()) {
            Set<PartitionClaim> found = new HashSet<>();
            while (row.next()) {
              found.add(new PartitionClaim(row.getLong(1), row.getInt(2), row.getLong(3)));
            }
            return found;
          }
        });
  }

  private void write(List<End> ends) {
    String counts =
        METRICS.stream().map(metric -> metric.name() + " = ?").collect(Collectors.joining(", "));
    database.run(
        connection -> {
          try (PreparedStatement execution =
                  connection.prepareStatement(
                      "UPDATE PARTITION_EXECUTION SET BATCHSTATUS = ?, EXITSTATUS = ?,"
                          + " EXECUTIONEXCEPTION = NULL, PERSISTENTUSERDATA = ?,"
                          + " READERCHECKPOINTINFO = ?, WRITERCHECKPOINTINFO = ?"
                          + " WHERE STEPEXECUTIONID = ? AND PARTITIONEXECUTIONID = ?");
              PreparedStatement lease =
                  connection.prepareStatement(
                      "UPDATE PARTITION_LEASE SET LEASE_UNTIL = "
                          + leaseEnd
                          + ", END_TIME = CURRENT_TIMESTAMP, "
                          + counts
                          + KEY);
              PreparedStatement work = connection.prepareStatement(WorkRepository.ENDED)) {
            for (End end : ends) {
              PartitionExecutionImpl partition = end.execution();
              execution.setString(1, partition.getBatchStatus().name());
              execution.setString(2, partition.getExitStatus());
              execution.setBytes(3, partition.getPersistentUserDataSerialized());
              execution.setBytes(4, partition.getReaderCheckpointInfoSerialized());
              execution.setBytes(5, partition.getWriterCheckpointInfoSerialized());
              execution.setLong(6, end.claim().stepExecutionId());
              execution.setInt(7, end.claim().partition());
              execution.addBatch();
              for (int i = 0; i < METRICS.size(); i++) {
                lease.setLong(i + 1, partition.getStepMetrics().get(METRICS.get(i)));
              }
              setKey(lease, METRICS.size() + 1, end.claim());
              lease.addBatch();
              work.setString(1, end.reason());
              setKey(work, 2, end.claim());
              work.addBatch();
            }
            execution.executeBatch();
            lease.executeBatch();
            work.executeBatch();
          }
        });
  }

  /**
   * The partitions that ended and whose result {@code taker} has not taken.
   *
   * @param taker a step execution
   */
  Map<PartitionKey, Result> results(
      Collection<Long> stepExecutionIds, long taker, String stepName) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  PartitionRepository.COLUMNS
                      + ", COALESCE(W.REASON, ''), "
                      + COUNTS
                      + JOINED
                      + " WHERE W.STATE = 'ENDED' AND W.TAKEN_BY <> ? AND W.STEP_EXECUTION_ID IN "
                      + stepExecutionIds.stream()
                          .map(String::valueOf)
                          .collect(Collectors.joining(", ", "(", ")")))) {
            select.setLong(1, taker);
            Map<PartitionKey, Result> found = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                PartitionExecutionImpl execution = PartitionRepository.execution(row, stepName);
                readMetrics(row, 9, execution.getStepMetrics());
                found.put(
                    new PartitionKey(execution.getStepExecutionId(), execution.getPartitionId()),
                    new Result(execution, row.getString(8)));
              }
            }
            return found;
          }
        });
  }

  /** Copies what has been done of a partition. */
  static void copy(StepMetrics from, StepMetrics to) {
    METRICS.forEach(metric -> to.set(metric, from.get(metric)));
  }

  private static void readMetrics(ResultSet row, int first, StepMetrics into) throws SQLException {
    for (int i = 0; i < METRICS.size(); i++) {
      into.set(METRICS.get(i), row.getLong(first + i));
    }
  }

  private static void setKey(PreparedStatement statement, int from, PartitionClaim claim)
      throws SQLException {
    statement.setLong(from, claim.stepExecutionId());
    statement.setInt(from + 1, claim.partition());
  }
}
