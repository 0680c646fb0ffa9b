// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jberet.runtime.metric.StepMetrics;

/** A database with the tables, an instance with one execution, and two pods. */
final class ClusterRows {
  private static final AtomicLong NEXT = new AtomicLong(1);

  final DataSource source;
  final Database database;
  final WorkRepository work;
  final LeaseRepository leases;
  final PartitionRepository partitions;
  final LeaderRepository leaders;
  final PlacementRepository placement;
  final long token;
  final long instance = NEXT.getAndIncrement();
  final long execution = NEXT.getAndIncrement();

  ClusterRows(DataSource source) throws SQLException {
    this.source = source;
    LocalTransactions transactions = new LocalTransactions(source);
    database = new Database(transactions.source(), transactions);
    SchemaRepository.create(database);
    work = new WorkRepository(database);
    leases = new LeaseRepository(database, Duration.ofSeconds(10));
    partitions = new PartitionRepository(database);
    leaders = new LeaderRepository(database, Duration.ofSeconds(10));
    placement = new PlacementRepository(database, leaders, work, Duration.ofSeconds(10));
    sql("INSERT INTO JOB_INSTANCE (JOBINSTANCEID) VALUES (" + instance + ")");
    sql(
        "INSERT INTO JOB_EXECUTION (JOBEXECUTIONID, JOBINSTANCEID) VALUES ("
            + execution
            + ", "
            + instance
            + ")");
    for (String id : List.of("a", "b")) {
      sql(
          "INSERT INTO NODE VALUES ('%s', 1, '%s/1', '', 'UP', '%s:1', '', 1, 0, 1, 'app', '',"
                  .formatted(id, id, id)
              + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 8, 8, '', 0)");
    }
    token = leaders.lead("a/1").orElseThrow();
  }

  long step(String status) throws SQLException {
    long id = step(execution, status);
    work.demand(new StepDemand(id, instance, execution, "step", 2, "partita.attempts=3"));
    return id;
  }

  private long step(long ofExecution, String status) throws SQLException {
    long id = NEXT.getAndIncrement();
    sql(
        "INSERT INTO STEP_EXECUTION (STEPEXECUTIONID, JOBEXECUTIONID, STEPNAME, BATCHSTATUS)"
            + " VALUES (%d, %d, 'step', '%s')".formatted(id, ofExecution, status));
    return id;
  }

  /** A job of a tenant with one step, all of whose partitions are posted. */
  long job(String tenant, int count, String properties) throws SQLException {
    long job = NEXT.getAndIncrement();
    sql("INSERT INTO JOB_INSTANCE (JOBINSTANCEID) VALUES (" + job + ")");
    sql(
        "INSERT INTO JOB_EXECUTION (JOBEXECUTIONID, JOBINSTANCEID) VALUES (%d, %d)"
            .formatted(job, job));
    sql(
        "INSERT INTO JOB_RECORD (INSTANCE_ID, SUBMITTER, JOB_XML_NAME, JSL, CREATE_TIME)"
            + " VALUES (%d, '%s', '', '', CURRENT_TIMESTAMP)".formatted(job, tenant));
    long step = step(job, "STARTED");
    work.demand(new StepDemand(step, job, job, "step", count, properties));
    for (int partition = 0; partition < count; partition++) {
      row(step, partition);
      work.post(
          new PostedPartition(new PartitionKey(step, partition), job, job, "step"),
          "app",
          new byte[0]);
    }
    return step;
  }

  /** The holder completes it, in one transaction under its claim. */
  void complete(PartitionClaim claim) {
    PartitionKey key = new PartitionKey(claim.stepExecutionId(), claim.partition());
    database.within(
        () -> {
          leases.lock(claim);
          leases.record(claim, new StepMetrics(), true);
          work.ended(key, "");
          return true;
        });
  }

  void row(long step, int partition) throws SQLException {
    sql(
        "INSERT INTO PARTITION_EXECUTION (PARTITIONEXECUTIONID, STEPEXECUTIONID, BATCHSTATUS)"
            + " VALUES (%d, %d, 'STARTED')".formatted(partition, step));
    leases.add(step, partition);
  }

  PartitionKey post(int partition) throws SQLException {
    return post(partition, step("STARTED"));
  }

  PartitionKey post(int partition, long step) throws SQLException {
    row(step, partition);
    PartitionKey key = new PartitionKey(step, partition);
    work.post(new PostedPartition(key, instance, execution, "step"), "app", new byte[] {7});
    assertThat(work.step(key)).containsExactly(7);
    return key;
  }

  /** Gives the first partition that is open to a pod. */
  Optional<PartitionClaim> claim(String holder) {
    PlacementRepository.Row row = placement.open().get(0);
    PartitionClaim claim =
        new PartitionClaim(row.key().stepExecutionId(), row.key().partition(), row.attempt() + 1);
    List<PlacementRepository.Gift> gift =
        List.of(new PlacementRepository.Gift(row.key(), claim.attempt(), holder, 0, ""));
    return placement.give(token, List.of(gift)).isEmpty() ? Optional.empty() : Optional.of(claim);
  }

  void sql(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
