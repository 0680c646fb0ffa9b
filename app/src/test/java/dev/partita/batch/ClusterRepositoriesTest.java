// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.cluster.TestDatabases;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.runtime.BatchStatus;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the repositories of posted partitions promise, on both engines. */
@Timeout(120)
class ClusterRepositoriesTest {
  @RegisterExtension private static final TestDatabases DATABASES = new TestDatabases();

  private static long next = 1;

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aPartitionIsClaimedOnceAndAgainOnlyWhenItsPodIsGone(String engine) throws Exception {
    Rows rows = rows(engine);
    PartitionKey key = rows.post(0);
    assertThat(rows.claim("a/1")).hasValue(new PartitionClaim(key.stepExecutionId(), 0, 1));
    assertThat(rows.claim("b/1")).isEmpty();
    assertThat(rows.work.shares("a/1"))
        .containsEntry(key.stepExecutionId(), new WorkRepository.Share(1, 1));
    rows.sql("UPDATE NODE SET STATE = 'DEAD' WHERE HOLDER = 'a/1'");
    assertThat(rows.claimable().get(0).deaths()).isEqualTo(1);
    PartitionClaim second = rows.claim("b/1").orElseThrow();
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(rows.work.held("b/1")).isEqualTo(Map.of(second, false));
    assertThat(code(() -> rows.leases.lock(new PartitionClaim(key.stepExecutionId(), 0, 1))))
        .isEqualTo(ErrorCode.FENCED);
    rows.leases.lock(second);
    assertThat(rows.leases.refused()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void deathsAreForgottenAfterACommit(String engine) throws Exception {
    Rows rows = rows(engine);
    rows.post(0);
    rows.sql("UPDATE NODE SET STATE = 'DEAD'");
    assertThat(rows.claim("a/1")).isPresent();
    assertThat(rows.claimable().get(0).deaths()).isEqualTo(1);
    assertThat(rows.claim("b/1")).isPresent();
    assertThat(rows.claimable().get(0).deaths()).isEqualTo(2);
    rows.sql("UPDATE PARTITION_LEASE SET COMMIT_COUNT = COMMIT_COUNT + 1");
    assertThat(rows.claimable().get(0).deaths()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aResultIsTakenOnceByEachTaker(String engine) throws Exception {
    Rows rows = rows(engine);
    PartitionKey key = rows.post(0);
    long step = key.stepExecutionId();
    assertThat(rows.claim("a/1")).isPresent();
    rows.work.addData(key, new byte[] {1});
    rows.work.addData(key, new byte[] {2});
    assertThat(rows.work.results(Set.of(step), step)).isEmpty();
    rows.work.ended(key, "why");
    assertThat(rows.work.results(Set.of(step), step)).isEqualTo(Map.of(key, "why"));
    rows.work.taken(Set.of(key), step);
    assertThat(rows.work.results(Set.of(step), step)).isEmpty();
    assertThat(rows.work.takeData(Set.of(step))).containsExactly(new byte[] {1}, new byte[] {2});
    assertThat(rows.work.takeData(Set.of(step))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aStopEndsWhatNobodyRunsAndAsksWhoeverRunsTheRest(String engine) throws Exception {
    Rows rows = rows(engine);
    PartitionKey running = rows.post(0);
    PartitionClaim claim = rows.claim("a/1").orElseThrow();
    PartitionKey waiting = rows.post(1, running.stepExecutionId());
    rows.work.wishStop(List.of(running, waiting));
    assertThat(rows.work.held("a/1")).isEqualTo(Map.of(claim, true));
    assertThat(rows.work.results(Set.of(running.stepExecutionId()), 0L)).isEmpty();
    assertThat(rows.work.results(Set.of(running.stepExecutionId()), -1L).keySet())
        .containsExactly(waiting);
    assertThat(rows.partitions.find(waiting, "step").orElseThrow().getBatchStatus())
        .isEqualTo(BatchStatus.STOPPED);
    assertThat(rows.claimable()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aSuccessorSeesWhatEachPartitionCameTo(String engine) throws Exception {
    Rows rows = rows(engine);
    long first = rows.step("FAILED");
    PartitionKey done = rows.post(0, first);
    PartitionKey open = rows.post(1, first);
    rows.post(2, first);
    rows.sql(
        "UPDATE PARTITION_EXECUTION SET BATCHSTATUS = 'COMPLETED' WHERE PARTITIONEXECUTIONID = 0"
            + " AND STEPEXECUTIONID = "
            + first);
    long second = rows.step("STARTED");
    rows.row(second, 1);
    rows.work.adopt(
        new PostedPartition(new PartitionKey(second, 1), rows.instance, rows.execution, "step"),
        "app",
        open);
    Map<Integer, PartitionRepository.Left> left = rows.partitions.left(second, "step");
    assertThat(left.keySet()).containsExactly(0, 1, 2);
    assertThat(left)
        .allSatisfy((n, p) -> assertThat(p.execution().getStepExecutionId()).isEqualTo(first));
    assertThat(List.copyOf(left.values()).get(0).execution().getBatchStatus())
        .isEqualTo(BatchStatus.COMPLETED);
    assertThat(List.copyOf(left.values()).get(1).open()).isTrue();
    rows.work.cancel(rows.instance, "step");
    assertThat(rows.claimable()).isEmpty();
    assertThat(rows.partitions.left(second, "step").values())
        .noneMatch(PartitionRepository.Left::open);
    assertThat(done.stepExecutionId()).isEqualTo(first);
  }

  private static ErrorCode code(Runnable call) {
    try {
      call.run();
    } catch (PartitaException e) {
      return e.code();
    }
    throw new AssertionError("nothing was thrown");
  }

  private static Rows rows(String engine) throws SQLException, IOException {
    return new Rows(DATABASES.empty(engine));
  }

  /** A database with the tables, an instance with one execution, and two pods. */
  private static final class Rows {
    private final DataSource source;
    private final WorkRepository work;
    private final LeaseRepository leases;
    private final PartitionRepository partitions;
    private final long instance = next++;
    private final long execution = next++;

    Rows(DataSource source) throws SQLException {
      this.source = source;
      LocalTransactions transactions = new LocalTransactions(source);
      Database database = new Database(transactions.source(), transactions);
      SchemaRepository.create(database);
      work = new WorkRepository(database);
      leases = new LeaseRepository(database, Duration.ofSeconds(10));
      partitions = new PartitionRepository(database);
      sql("INSERT INTO JOB_INSTANCE (JOBINSTANCEID) VALUES (" + instance + ")");
      sql(
          "INSERT INTO JOB_EXECUTION (JOBEXECUTIONID, JOBINSTANCEID) VALUES ("
              + execution
              + ", "
              + instance
              + ")");
      for (String id : List.of("a", "b")) {
        sql(
            "INSERT INTO NODE VALUES ('%s', 1, '%s/1', '', 'UP', '', '', 1, 0, 1, 'app', '',"
                    .formatted(id, id)
                + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
      }
    }

    long step(String status) throws SQLException {
      long id = next++;
      sql(
          "INSERT INTO STEP_EXECUTION (STEPEXECUTIONID, JOBEXECUTIONID, STEPNAME, BATCHSTATUS)"
              + " VALUES (%d, %d, 'step', '%s')".formatted(id, execution, status));
      return id;
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

    List<WorkRepository.Candidate> claimable() {
      return work.claimable("app", 1_000);
    }

    Optional<PartitionClaim> claim(String holder) {
      List<WorkRepository.Candidate> candidates = claimable();
      if (candidates.isEmpty()) {
        return Optional.empty();
      }
      WorkRepository.Candidate first = candidates.get(0);
      Optional<PartitionClaim> claim = leases.claimAfter(first.key(), first.attempt(), holder);
      if (claim.isPresent()) {
        work.running(first);
      }
      return claim;
    }

    void sql(String sql) throws SQLException {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }
}
