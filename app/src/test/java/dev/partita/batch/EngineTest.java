// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.config.TestConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.runtime.BatchStatus;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.StepExecutionImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine on H2, without a server: what is committed together, and what a takeover leaves. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class EngineTest {
  private static final JobSubmission COPY =
      new JobSubmission("test", "engine-copy", null, Map.of(), "tester");
  private static final JobSubmission CALL =
      new JobSubmission("test", "engine-call", null, Map.of(), "tester");

  @TempDir private Path directory;
  private JdbcConnectionPool database;
  private LocalTransactions transactions;
  private JobLog log;
  private JobEvents events;
  private volatile Optional<Instant> committedElsewhere;

  @BeforeEach
  void openDatabase() {
    database = JdbcConnectionPool.create("jdbc:h2:mem:engine-" + System.nanoTime(), "partita", "");
    database.setMaxConnections(20);
    transactions = new LocalTransactions(database);
    log = new JobLog(TestConfig.in(directory));
    sql("CREATE TABLE COPIED (N INTEGER NOT NULL)");
    EngineArtifacts.target = transactions.source();
    EngineArtifacts.betweenChunks = next -> {};
    EngineArtifacts.atOpen = next -> {};
    EngineArtifacts.openedAt.clear();
    committedElsewhere = Optional.empty();
    events = new JobEvents(log);
  }

  @AfterEach
  void closeDatabase() {
    database.dispose();
  }

  @Test
  void rowsPositionAndLeaseAreOneTransactionOnOneConnection() throws Exception {
    EngineParts engine = engine();
    long execution = new JobStarter(engine).submit(COPY).executionId();
    await(engine, execution, BatchState.COMPLETED);
    List<List<String>> chunks =
        transactions.committed().stream()
            .filter(statements -> statements.contains("INSERT INTO COPIED VALUES (?)"))
            .toList();
    assertThat(chunks)
        .hasSizeGreaterThanOrEqualTo(20)
        .allSatisfy(
            statements -> {
              assertThat(statements.get(0)).contains("PARTITION_LEASE").doesNotContain("UPDATE");
              assertThat(statements.get(statements.size() - 1))
                  .contains("PARTITION_LEASE", "FOR UPDATE");
              assertThat(statements).anyMatch(s -> s.startsWith("UPDATE PARTITION_EXECUTION"));
              assertThat(statements).anyMatch(s -> s.startsWith("UPDATE PARTITION_LEASE"));
            });
    assertThat(transactions.withoutTransaction).hasValue(0);
    assertThat(copied()).isEqualTo("200 rows, 200 different");
  }

  @Test
  void metricsAreKeptPerPartition() throws Exception {
    EngineParts engine = engine();
    long execution = new JobStarter(engine).submit(COPY).executionId();
    await(engine, execution, BatchState.COMPLETED);
    StepExecutionInfo step = engine.history().steps(execution).get(0);
    assertThat(step.metrics()).containsEntry("READ_COUNT", 200L).containsEntry("WRITE_COUNT", 200L);
    assertThat(step.partitions())
        .extracting(partition -> partition.metrics().get("WRITE_COUNT"))
        .containsExactly(100L, 100L);
  }

  @Test
  void aSuccessorGoesOnAtTheLastCheckpointAndTheFormerOwnerWritesNothingMore() throws Exception {
    CountDownLatch frozen = new CountDownLatch(1);
    CountDownLatch woken = new CountDownLatch(1);
    AtomicBoolean once = new AtomicBoolean(true);
    EngineArtifacts.betweenChunks =
        next -> {
          if (next == 50 && once.compareAndSet(true, false)) {
            frozen.countDown();
            waitFor(woken);
          }
        };
    EngineParts former = engine();
    Submission submission = new JobStarter(former).submit(COPY);
    waitFor(frozen);

    EngineParts successor = engine();
    new Recovery(successor, TestConfig.in(directory).jobs()).run();
    long again = successor.history().executions(submission.instanceId()).get(0).executionId();
    await(successor, again, BatchState.COMPLETED);
    assertThat(again).isNotEqualTo(submission.executionId());
    assertThat(EngineArtifacts.openedAt).containsEntry(0, 50);
    assertThat(copied()).isEqualTo("200 rows, 200 different");

    woken.countDown();
    JobExecutionImpl owner =
        (JobExecutionImpl) former.repository().getJobExecution(submission.executionId());
    owner.awaitTermination(30, TimeUnit.SECONDS);
    assertThat(copied()).isEqualTo("200 rows, 200 different");
  }

  /** JBeret looks at the last execution only, which has no row for what had completed before. */
  @Test
  void whatCompletedBeforeTwoTakeoversDoesNotRunAgain() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch[] held = {new CountDownLatch(1)};
    int[] at = {30};
    EngineArtifacts.betweenChunks =
        next -> {
          if (next == at[0]) {
            held[0].countDown();
            waitFor(never);
          }
        };
    EngineParts engine = engine();
    Submission job = new JobStarter(engine).submit(COPY);
    for (int takeover = 0; takeover < 2; takeover++) {
      waitFor(held[0]);
      awaitCopied((130 + 20 * takeover) + " rows, " + (130 + 20 * takeover) + " different");
      held[0] = new CountDownLatch(1);
      at[0] += 20;
      engine = engine();
      new Recovery(engine, TestConfig.in(directory).jobs()).run();
    }
    waitFor(held[0]);
    at[0] = -1;
    engine = engine();
    new Recovery(engine, TestConfig.in(directory).jobs()).run();
    long last = engine.history().executions(job.instanceId()).get(0).executionId();
    await(engine, last, BatchState.COMPLETED);
    assertThat(copied()).isEqualTo("200 rows, 200 different");
    never.countDown();
  }

  private void awaitCopied(String wanted) throws InterruptedException {
    for (int i = 0; i < 1_000 && !copied().equals(wanted); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(copied()).isEqualTo(wanted);
  }

  @Test
  void aPartitionThatWasTakenOverCommitsNothingMore() throws Exception {
    EngineArtifacts.betweenChunks =
        next -> {
          if (next == 30) {
            sql("UPDATE PARTITION_LEASE SET ATTEMPT = ATTEMPT + 1 WHERE PARTITION_NUMBER = 0");
          }
        };
    EngineParts engine = engine();
    long execution = new JobStarter(engine).submit(COPY).executionId();
    await(engine, execution, BatchState.FAILED);
    List<PartitionInfo> partitions = engine.history().steps(execution).get(0).partitions();
    assertThat(partitions.get(1).batchState()).isEqualTo(BatchState.COMPLETED);
    assertThat(partitions.get(0).batchState()).isEqualTo(BatchState.FAILED);
    assertThat(copied()).isEqualTo("130 rows, 130 different");
  }

  /** A process may freeze between the row of a partition and its first claim on it. */
  @Test
  void aPartitionWhoseProcessWasTakenOverBeforeItBeganCannotBeClaimed() throws Exception {
    EngineParts engine = engine();
    long execution = new JobStarter(engine).submit(COPY).executionId();
    await(engine, execution, BatchState.COMPLETED);
    long step = engine.history().steps(execution).get(0).stepExecutionId();
    sql("UPDATE PARTITION_LEASE SET ATTEMPT = 0");
    sql("UPDATE JOB_EXECUTION SET BATCHSTATUS = 'STARTED'");
    new Recovery(engine(), TestConfig.in(directory).jobs()).run();
    assertThatThrownBy(() -> engine.environment().partitions().leases().claim(step, 0, "late"))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
  }

  @Test
  void anExecutionThatWasTakenOverBeginsNothingMoreAndChangesNoEnd() throws Exception {
    EngineParts engine = engine();
    long execution = new JobStarter(engine).submit(COPY).executionId();
    await(engine, execution, BatchState.COMPLETED);
    JobExecutionImpl job = (JobExecutionImpl) engine.repository().getJobExecution(execution);
    assertThatThrownBy(
            () -> engine.repository().addStepExecution(job, new StepExecutionImpl("next")))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
    job.setBatchStatus(BatchStatus.FAILED);
    engine.repository().updateJobExecution(job, true, false);
    await(engine, execution, BatchState.COMPLETED);
  }

  @Test
  void aStoppedJobGoesOnWhereItStopped() throws Exception {
    EngineParts engine = engine();
    EngineArtifacts.betweenChunks =
        next -> {
          if (next == 40) {
            engine.running().all().forEach(JobExecutionImpl::stop);
          }
        };
    JobStarter starter = new JobStarter(engine);
    long execution = starter.submit(COPY).executionId();
    await(engine, execution, BatchState.STOPPED);
    EngineArtifacts.betweenChunks = next -> {};
    long again = starter.restart(execution, Map.of()).executionId();
    await(engine, again, BatchState.COMPLETED);
    assertThat(EngineArtifacts.openedAt.get(0)).isGreaterThanOrEqualTo(40);
    assertThat(copied()).isEqualTo("200 rows, 200 different");
  }

  @Test
  void aFailedJobSaysWhyInOneLine() throws Exception {
    EngineArtifacts.call =
        () -> {
          throw new BatchRuntimeException(new IllegalStateException("the disk is full\nat line 2"));
        };
    List<Object> told = new CopyOnWriteArrayList<>();
    CountDownLatch end = new CountDownLatch(1);
    events.listen(
        event -> {
          if (event.fields().containsKey("reason")) {
            told.add(event.type() + " " + event.fields().get("reason"));
          }
          if ("FAILED".equals(event.fields().get("batchStatus")) && event.step() == null) {
            end.countDown();
          }
        });
    EngineParts engine = engine();
    long execution = new JobStarter(engine).submit(CALL).executionId();
    await(engine, execution, BatchState.FAILED);
    assertThat(engine.history().execution(execution).get(0).reason())
        .isEqualTo("step call: IllegalStateException: the disk is full");
    waitFor(end);
    assertThat(told)
        .containsExactly(
            "STEP IllegalStateException: the disk is full",
            "JOB step call: IllegalStateException: the disk is full");
  }

  @Test
  void aJobUnderWhichThreeProcessesDiedInARowIsQuarantinedUntilSomebodyRestartsIt()
      throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    EngineParts engine = engine();
    CountDownLatch[] running = hang(never);
    Submission job = new JobStarter(engine).submit(CALL);
    for (int death = 1; death <= 3; death++) {
      waitFor(running[0]);
      running[0] = new CountDownLatch(1);
      engine = engine();
      new Recovery(engine, TestConfig.in(directory).jobs()).run();
    }
    List<JobExecutionInfo> executions = engine.history().executions(job.instanceId());
    assertThat(executions).hasSize(3);
    JobExecutionInfo last = executions.get(0);
    assertThat(last.batchState()).isEqualTo(BatchState.FAILED);
    assertThat(last.exitStatus()).isEqualTo(Recovery.QUARANTINED);
    assertThat(last.reason()).startsWith("quarantined").contains("3 times");

    EngineArtifacts.call = () -> "done";
    long again = new JobStarter(engine).restart(last.executionId(), Map.of()).executionId();
    await(engine, again, BatchState.COMPLETED);
    never.countDown();
  }

  @Test
  void commitsAndCleanStopsBetweenDeathsAreNoReasonForQuarantine() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    EngineParts engine = engine();
    CountDownLatch[] running = hang(never);
    Submission job = new JobStarter(engine).submit(CALL);
    for (int life = 1; life <= 8; life++) {
      waitFor(running[0]);
      running[0] = new CountDownLatch(1);
      committedElsewhere = life % 2 == 0 ? Optional.of(Instant.now()) : committedElsewhere;
      if (life % 2 == 1) {
        engine.records().release();
      }
      engine = engine();
      new Recovery(engine, TestConfig.in(directory).jobs()).run();
    }
    waitFor(running[0]);
    assertThat(engine.history().executions(job.instanceId())).hasSize(9);
    never.countDown();
  }

  @Test
  void onlyTheCommitsOfAnExecutionItselfCountForIt() throws Exception {
    CountDownLatch frozen = new CountDownLatch(1);
    CountDownLatch woken = new CountDownLatch(1);
    AtomicBoolean once = new AtomicBoolean(true);
    EngineArtifacts.betweenChunks =
        next -> {
          if (next == 50 && once.compareAndSet(true, false)) {
            frozen.countDown();
            waitFor(woken);
          }
        };
    EngineParts former = engine();
    Submission job = new JobStarter(former).submit(COPY);
    waitFor(frozen);
    await(former, job.executionId(), BatchState.STARTED);
    assertThat(former.records().committed(job.executionId())).isTrue();

    CountDownLatch opened = new CountDownLatch(1);
    EngineArtifacts.atOpen =
        next -> {
          opened.countDown();
          waitFor(woken);
        };
    EngineParts successor = engine();
    new Recovery(successor, TestConfig.in(directory).jobs()).run();
    waitFor(opened);
    long again = successor.history().executions(job.instanceId()).get(0).executionId();
    assertThat(successor.records().committed(again)).isFalse();
    woken.countDown();
    await(successor, again, BatchState.COMPLETED);
  }

  @Test
  void anActiveInstanceIsNotPurgedAndAnEndedOneIsGone() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    EngineParts engine = engine();
    CountDownLatch[] running = hang(woken);
    Submission job = new JobStarter(engine).submit(CALL);
    waitFor(running[0]);
    assertThatThrownBy(() -> new JobPurge(engine).purge(job.instanceId()))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    woken.countDown();
    await(engine, job.executionId(), BatchState.COMPLETED);
    assertThat(new JobPurge(engine).purge(job.instanceId())).hasSize(1);
    assertThat(engine.history().execution(job.executionId())).isEmpty();
  }

  @Test
  void aStepGetsWhatItAsksForOnThisPodOrFailsAtOnce() throws Exception {
    EngineParts engine = engine();
    EngineArtifacts.call = () -> "";
    for (Map<String, String> asked :
        List.of(
            Map.of("resources", "cpu=4"), Map.of("resources", "cpu=0"), Map.of("gang", "true"))) {
      await(engine, asks(engine, asked), BatchState.COMPLETED);
    }
    long never = asks(engine, Map.of("resources", "cpu=9"));
    await(engine, never, BatchState.FAILED);
    assertThat(engine.history().execution(never).get(0).reason())
        .contains("PLACEMENT_INFEASIBLE: no node could ever run it: asks cpu=9");
    long together = asks(engine, Map.of("resources", "cpu=5", "gang", "true"));
    await(engine, together, BatchState.FAILED);
    assertThat(engine.history().execution(together).get(0).reason()).contains("asks cpu=10");
  }

  @Test
  void whatWaitsForAPlaceOnThisPodSaysWhy() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    EngineParts engine = engine();
    CountDownLatch[] running = hang(woken);
    long execution = asks(engine, Map.of("resources", "cpu=8"));
    waitFor(running[0]);
    String waits = "";
    for (int i = 0; i < 500 && waits.isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
      List<PartitionInfo> all = engine.history().steps(execution).get(0).partitions();
      waits = all.get(all.size() - 1).waits();
    }
    assertThat(waits).contains("waits for", "cpu=8");
    woken.countDown();
    await(engine, execution, BatchState.COMPLETED);
  }

  private static long asks(EngineParts engine, Map<String, String> parameters) {
    return new JobStarter(engine)
        .submit(new JobSubmission("test", "engine-asks", null, parameters, "tester"))
        .executionId();
  }

  /** Lets the batchlet hang until {@code woken}; the first latch says that it does. */
  private static CountDownLatch[] hang(CountDownLatch woken) {
    CountDownLatch[] running = {new CountDownLatch(1)};
    EngineArtifacts.call =
        () -> {
          running[0].countDown();
          waitFor(woken);
          return "";
        };
    return running;
  }

  private EngineParts engine() {
    BeanManager noBeans =
        (BeanManager)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BeanManager.class},
                (proxy, method, arguments) -> Set.of());
    return new EngineAssembly(
            TestConfig.in(directory),
            events,
            log,
            noBeans,
            List.of(new OtherRoom()),
            new AlonePod(Places.offered(8, 0, 1L << 30, 8, 8)))
        .assemble(Runnable::run, transactions.source(), transactions);
  }

  /** A room above that keeps nothing and may have committed something. */
  private final class OtherRoom implements InstanceData {
    @Override
    public void purge(long instanceId) {}

    @Override
    public Optional<Instant> lastCommit(long instanceId) {
      return committedElsewhere;
    }
  }

  private static void await(EngineParts engine, long execution, BatchState state)
      throws InterruptedException {
    BatchState now = null;
    for (int i = 0; i < 3_000 && now != state; i++) {
      now = engine.history().execution(execution).get(0).batchState();
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(now).isEqualTo(state);
  }

  private String copied() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*), COUNT(DISTINCT N) FROM COPIED")) {
      row.next();
      return row.getLong(1) + " rows, " + row.getLong(2) + " different";
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void sql(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
