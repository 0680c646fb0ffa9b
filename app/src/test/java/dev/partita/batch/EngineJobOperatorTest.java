// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.config.PartitaConfig;
import dev.partita.config.TestConfig;
import jakarta.batch.operations.JobExecutionAlreadyCompleteException;
import jakarta.batch.operations.JobExecutionNotMostRecentException;
import jakarta.batch.operations.JobExecutionNotRunningException;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.operations.JobRestartException;
import jakarta.batch.operations.JobStartException;
import jakarta.batch.operations.NoSuchJobException;
import jakarta.batch.operations.NoSuchJobExecutionException;
import jakarta.batch.runtime.BatchStatus;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What code in the application may do with jobs, by the specification's own operator. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class EngineJobOperatorTest {
  private static final String JOB = "engine-call";
  private static final long UNKNOWN = 999_999;

  @TempDir private Path directory;
  private JdbcConnectionPool database;
  private LocalTransactions transactions;
  private EngineParts engine;
  private JobOperator operator;

  @BeforeEach
  void start() {
    database =
        JdbcConnectionPool.create("jdbc:h2:mem:operator-" + System.nanoTime(), "partita", "");
    transactions = new LocalTransactions(database);
    EngineArtifacts.call = () -> "done";
    engine = engine();
    operator = new EngineJobOperator(engine);
  }

  @AfterEach
  void closeDatabase() {
    database.dispose();
  }

  @Test
  void whatItStartsIsRecordedAsAnyOtherJob() throws Exception {
    Properties parameters = new Properties();
    parameters.setProperty("color", "blue");
    long execution = operator.start(JOB, parameters);
    await(execution, BatchStatus.COMPLETED);
    long instance = operator.getJobInstance(execution).getInstanceId();
    assertThat(engine.records().jsl(instance))
        .hasValueSatisfying(jsl -> assertThat(jsl).contains(JOB));
    assertThat(engine.history().executions(instance))
        .singleElement()
        .satisfies(one -> assertThat(one.batchState()).isEqualTo(BatchState.COMPLETED));
    assertThat(operator.getParameters(execution)).containsEntry("color", "blue");
  }

  @Test
  void aStartOutlivesTheCallersTransaction() throws Exception {
    transactions.begin();
    long execution = operator.start(JOB, null);
    transactions.rollback();
    await(execution, BatchStatus.COMPLETED);
  }

  @Test
  void aStoppedJobGoesOnAndOnlyItsNewestExecutionDoes() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    EngineArtifacts.call =
        () -> {
          running.countDown();
          assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
          return "";
        };
    long first = operator.start(JOB, null);
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> operator.restart(first, null)).isInstanceOf(JobRestartException.class);
    operator.stop(first);
    stopped.countDown();
    await(first, BatchStatus.STOPPED);
    EngineArtifacts.call =
        () -> {
          throw new IllegalStateException("on purpose");
        };
    long second = operator.restart(first, new Properties());
    await(second, BatchStatus.FAILED);
    assertThatThrownBy(() -> operator.restart(first, null))
        .isInstanceOf(JobExecutionNotMostRecentException.class);
    operator.abandon(second);
    assertThatThrownBy(() -> operator.restart(second, null))
        .isInstanceOf(JobRestartException.class);
  }

  @Test
  void whatCannotBeDoneHasTheSpecificationsException() throws Exception {
    assertThatThrownBy(() -> operator.start("no-such-job", null))
        .isInstanceOf(JobStartException.class)
        .hasMessageContaining("no-such-job");
    assertThatThrownBy(() -> operator.stop(UNKNOWN))
        .isInstanceOf(NoSuchJobExecutionException.class);
    assertThatThrownBy(() -> operator.restart(UNKNOWN, null))
        .isInstanceOf(NoSuchJobExecutionException.class);
    long execution = operator.start(JOB, null);
    await(execution, BatchStatus.COMPLETED);
    assertThatThrownBy(() -> operator.stop(execution))
        .isInstanceOf(JobExecutionNotRunningException.class);
    assertThatThrownBy(() -> operator.restart(execution, null))
        .isInstanceOf(JobExecutionAlreadyCompleteException.class);
  }

  @Test
  void aLaterProcessKnowsTheJobsOfAFormerOne() throws Exception {
    await(operator.start(JOB, null), BatchStatus.COMPLETED);
    JobOperator later = new EngineJobOperator(engine());
    assertThat(later.getRunningExecutions(JOB)).isEmpty();
    assertThat(later.getJobNames()).contains(JOB);
    assertThatThrownBy(() -> later.getRunningExecutions("no-such-job"))
        .isInstanceOf(NoSuchJobException.class);
  }

  private EngineParts engine() {
    BeanManager noBeans =
        (BeanManager)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BeanManager.class},
                (proxy, method, arguments) -> Set.of());
    PartitaConfig config = TestConfig.in(directory);
    JobLog log = new JobLog(config);
    return new EngineAssembly(
            config,
            new JobEvents(log),
            log,
            noBeans,
            List.of(),
            new AlonePod(Places.offered(8, 0, 1L << 30, 8, 8)))
        .assemble(Runnable::run, transactions.source(), transactions);
  }

  private void await(long execution, BatchStatus status) throws InterruptedException {
    for (int i = 0; i < 3_000 && !status.name().equals(stored(execution)); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(stored(execution)).isEqualTo(status.name());
  }

  private String stored(long execution) {
    return engine.history().execution(execution).get(0).batchState().name();
  }
}
