// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.PartitaConfig;
import dev.partita.config.TestConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two engines that share a database, in one JVM and with every doorbell lost: where partitions run,
 * what becomes of them when a pod is taken for dead.
 */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class SharedEngineTest {
  private static final JobSubmission SPREAD =
      new JobSubmission("test", "engine-spread", null, Map.of(), "tester");
  private static final String ALL = "400 rows, 400 different";

  @TempDir private Path directory;
  private JdbcConnectionPool database;
  private LocalTransactions transactions;
  private JobLog log;
  private JobEvents events;
  private final List<SharedEngine> loops = new ArrayList<>();

  @BeforeEach
  void openDatabase() {
    database = JdbcConnectionPool.create("jdbc:h2:mem:shared-" + System.nanoTime(), "partita", "");
    database.setMaxConnections(40);
    transactions = new LocalTransactions(database);
    log = new JobLog(TestConfig.in(directory));
    sql("CREATE TABLE COPIED (N INTEGER NOT NULL)");
    EngineArtifacts.target = transactions.source();
    EngineArtifacts.betweenChunks = next -> {};
    EngineArtifacts.atOpen = next -> {};
    EngineArtifacts.openedAt.clear();
    EngineArtifacts.opened.set(0);
    EngineArtifacts.analyzed.set(0);
    events = new JobEvents(log);
  }

  @AfterEach
  void closeDatabase() {
    loops.forEach(SharedEngine::close);
    database.dispose();
  }

  /** A pod: its engine, and what it thinks of itself. */
  private record Pod(EngineParts engine, TestPod member, SharedEngine loops) {}

  @Test
  void aStepRunsOnBothPodsAndItsAnalyzerHearsAllCollectors() throws Exception {
    EngineArtifacts.betweenChunks = next -> pause(5);
    Pod a = pod("a");
    pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    await(a, job.executionId(), BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
    assertThat(servers(a, job.executionId())).contains("a", "b");
    // Ten chunks, of which the last is empty, and the end.
    assertThat(EngineArtifacts.analyzed.get()).isBetween(40, 48);
    StepExecutionInfo step = a.engine.history().steps(job.executionId()).get(0);
    assertThat(step.metrics()).containsEntry("WRITE_COUNT", 400L);
    assertThat(transactions.withoutTransaction).hasValue(0);
  }

  @Test
  void whatAPodHeldGoesOnElsewhereAtItsLastCommitAndTheStepNeverSeesIt() throws Exception {
    Holding holding = Holding.at(30);
    Pod a = pod("a");
    Pod b = pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    holding.awaitFour();
    long onB = servers(a, job.executionId()).stream().filter("b"::equals).count();
    EngineArtifacts.betweenChunks = next -> {};
    b.member.die();
    long rows = 100 * onB + 30 * (4 - onB);
    awaitCopied(rows + " rows, " + rows + " different");
    await(a, job.executionId(), BatchState.STARTED);
    holding.wake();
    await(a, job.executionId(), BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
    assertThat(servers(a, job.executionId())).containsOnly("a");
    assertThat(b.engine.environment().partitions().leases().refused()).isPositive();
  }

  @Test
  void aSuccessorOfTheOwnerAdoptsWhatRunsElsewhere() throws Exception {
    Holding holding = Holding.at(30);
    Pod a = pod("a");
    Pod b = pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    holding.awaitFour();
    List<String> before = servers(a, job.executionId());
    a.member.die();
    a.loops.close();
    long onA = before.stream().filter("a"::equals).count();
    EngineArtifacts.betweenChunks = next -> {};
    long again = awaitSuccessor(b, job);
    for (int i = 0; i < 1_000 && EngineArtifacts.opened.get() < 4 + onA; i++) {
      pause(10);
    }
    holding.wake();
    await(b, again, BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
    assertThat(before).contains("a", "b");
    assertThat(EngineArtifacts.opened.get())
        .as("only the partitions of the dead pod are opened again")
        .isEqualTo(4 + (int) onA);
    assertThat(b.engine.history().executions(job.instanceId())).hasSize(2);
  }

  @Test
  void aJobSurvivesManyOwners() throws Exception {
    AtomicInteger slow = new AtomicInteger();
    EngineArtifacts.betweenChunks = next -> pause(slow.incrementAndGet() % 3);
    List<Pod> pods = new ArrayList<>();
    pods.add(pod("p0"));
    Submission job = new JobStarter(pods.get(0).engine).submit(SPREAD);
    for (int i = 1; i <= 8; i++) {
      pods.add(pod("p" + i));
      pause(30);
      // Owners that die one after the other with nothing committed in between are quarantined.
      String before = copied();
      for (int j = 0; j < 3_000 && copied().equals(before) && !before.equals(ALL); j++) {
        pause(10);
      }
      pods.get(i - 1).member.die();
      pods.get(i - 1).loops.close();
    }
    Pod last = pods.get(8);
    for (int i = 0;
        i < 3_000
            && !last.engine.history().executions(job.instanceId()).get(0).batchState().ended();
        i++) {
      pause(10);
    }
    assertThat(last.engine.history().executions(job.instanceId()).get(0).batchState())
        .isEqualTo(BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
  }

  @Test
  void aPodThatWakesStopsItsStaleWorkAndTakesNewWorkInANewLife() throws Exception {
    Holding holding = Holding.at(30);
    Pod a = pod("a");
    Pod b = pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    holding.awaitFour();
    a.member.die();
    long again = awaitSuccessor(b, job);
    EngineArtifacts.betweenChunks = next -> {};
    holding.wake();
    a.member.awake();
    await(b, again, BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
    assertThat(a.engine.history().execution(job.executionId()).get(0).batchState())
        .isEqualTo(BatchState.FAILED);
  }

  @Test
  void aPodThatDrainsHandsItsPartitionsBackAtACheckpoint() throws Exception {
    Holding holding = Holding.at(30);
    Pod a = pod("a");
    Pod b = pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    holding.awaitFour();
    EngineArtifacts.betweenChunks = next -> {};
    b.member.drain();
    Thread drain = new Thread(() -> drain(b));
    drain.start();
    pause(50);
    holding.wake();
    await(a, job.executionId(), BatchState.COMPLETED);
    drain.join(10_000);
    assertThat(copied()).isEqualTo(ALL);
    assertThat(servers(a, job.executionId())).containsOnly("a");
  }

  @Test
  void aStopReachesThePartitionsOfAllPodsAndARestartGoesOn() throws Exception {
    Holding holding = Holding.at(30);
    Pod a = pod("a");
    Pod b = pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    holding.awaitFour();
    EngineArtifacts.betweenChunks = next -> {};
    b.engine.records().markStopping(job.executionId());
    pause(100);
    holding.wake();
    await(a, job.executionId(), BatchState.STOPPED);
    sql("UPDATE STEP_EXECUTION SET EXITSTATUS = 'OWNER_DIED'");
    long again = new JobStarter(b.engine).restart(job.executionId(), Map.of()).executionId();
    await(b, again, BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
  }

  @Test
  void aPartitionThatFailsIsTriedAgainAsOftenAsItsStepSays() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    EngineArtifacts.call =
        () -> {
          if (calls.incrementAndGet() <= 2) {
            throw new IllegalStateException("not yet");
          }
          return "";
        };
    Pod a = pod("a");
    Submission job = new JobStarter(a.engine).submit(asks(Map.of("attempts", "3")));
    await(a, job.executionId(), BatchState.COMPLETED);
    assertThat(calls).hasValue(4);
    calls.set(Integer.MIN_VALUE);
    Submission once = new JobStarter(a.engine).submit(asks(Map.of("attempts", "2")));
    await(a, once.executionId(), BatchState.FAILED);
    assertThat(reason(a, once)).contains("not yet");
  }

  @Test
  void aGangOfWhichOneFailsStartsAgainAsAWhole() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    EngineArtifacts.call =
        () -> {
          int call = calls.incrementAndGet();
          both.countDown();
          waitFor(both);
          if (call == 1) {
            throw new IllegalStateException("not yet");
          }
          if (call == 2) {
            throw new PartitaException(ErrorCode.GANG_ABORTED, "another member failed");
          }
          return "";
        };
    Pod a = pod("a");
    pod("b");
    Submission job = new JobStarter(a.engine).submit(asks(Map.of("gang", "true", "attempts", "2")));
    await(a, job.executionId(), BatchState.COMPLETED);
    assertThat(calls).hasValue(4);
    List<PartitionInfo> members = a.engine.history().steps(job.executionId()).get(0).partitions();
    assertThat(members).extracting(PartitionInfo::attempt).containsExactly(2L, 2L);
    assertThat(servers(a, job.executionId()).stream().distinct()).hasSize(1);
  }

  @Test
  void aGangOfWhichOneFailsForGoodFailsWithItsReason() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger calls = new AtomicInteger();
    EngineArtifacts.call =
        () -> {
          int call = calls.incrementAndGet();
          both.countDown();
          waitFor(both);
          throw call == 1
              ? new IllegalStateException("never")
              : new PartitaException(ErrorCode.GANG_ABORTED, "another member failed");
        };
    Pod a = pod("a");
    Submission job = new JobStarter(a.engine).submit(asks(Map.of("gang", "true")));
    await(a, job.executionId(), BatchState.FAILED);
    assertThat(calls).hasValue(2);
    assertThat(reason(a, job)).contains("never");
  }

  @Test
  void whatNoPodCouldEverRunFailsAtOnce() throws Exception {
    Pod a = pod("a");
    Submission job = new JobStarter(a.engine).submit(asks(Map.of("resources", "gpu=1")));
    await(a, job.executionId(), BatchState.FAILED);
    assertThat(reason(a, job)).contains("PLACEMENT_INFEASIBLE: no node could ever run it");
    Submission wrong = new JobStarter(a.engine).submit(asks(Map.of("resources", "gpu=half")));
    await(a, wrong.executionId(), BatchState.FAILED);
    assertThat(reason(a, wrong)).contains("gpu=half is not a number");
  }

  private static JobSubmission asks(Map<String, String> parameters) {
    return new JobSubmission("test", "engine-asks", null, parameters, "tester");
  }

  private static String reason(Pod pod, Submission job) {
    return pod.engine.history().execution(job.executionId()).get(0).reason();
  }

  @Test
  void aPartitionThatLostTheDatabaseGoesOnAtItsLastCommit() throws Exception {
    AtomicInteger losses = new AtomicInteger();
    EngineArtifacts.betweenChunks =
        next -> {
          if (next % 1000 == 30 && losses.incrementAndGet() <= 2) {
            throw lost();
          }
        };
    Pod a = pod("a");
    pod("b");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    await(a, job.executionId(), BatchState.COMPLETED);
    assertThat(copied()).isEqualTo(ALL);
    assertThat(EngineArtifacts.opened).as("readers opened").hasValue(4 + 2);
    StepExecutionInfo step = a.engine.history().steps(job.executionId()).get(0);
    assertThat(step.metrics()).containsEntry("WRITE_COUNT", 400L);
  }

  @Test
  void aJobThatLostTheDatabaseHasASuccessorThatCompletes() throws Exception {
    AtomicInteger losses = new AtomicInteger();
    EngineArtifacts.call =
        () -> {
          if (losses.incrementAndGet() == 1) {
            throw lost();
          }
          return "found again";
        };
    Pod a = pod("a");
    Submission job =
        new JobStarter(a.engine)
            .submit(new JobSubmission("test", "engine-call", null, Map.of(), "tester"));
    await(a, awaitSuccessor(a, job), BatchState.COMPLETED);
    assertThat(losses).hasValue(2);
    assertThat(a.engine.history().executions(job.instanceId())).hasSize(2);
  }

  @Test
  void partitionsThatMayHaveKilledPodsRunOneAtATime() throws Exception {
    Holding holding = Holding.at(30);
    Pod a = pod("a");
    Submission job = new JobStarter(a.engine).submit(SPREAD);
    holding.awaitFour();
    Set<Integer> together = ConcurrentHashMap.newKeySet();
    AtomicInteger most = new AtomicInteger();
    EngineArtifacts.atOpen =
        next -> {
          together.add(next / 1000);
          most.accumulateAndGet(together.size(), Math::max);
        };
    EngineArtifacts.betweenChunks =
        next -> {
          pause(5);
          if (next % 1000 == EngineArtifacts.PER_PARTITION) {
            together.remove(next / 1000);
          }
        };
    sql("UPDATE PARTITION_WORK SET DEATHS = 1, COMMITS = 1000");
    a.member.die();
    a.loops.close();
    Pod b = pod("b");
    await(b, awaitSuccessor(b, job), BatchState.COMPLETED);
    holding.wake();
    assertThat(copied()).isEqualTo(ALL);
    assertThat(most).as("suspects at a time").hasValue(1);
  }

  private static RuntimeException lost() {
    return new IllegalStateException(new SQLException("This connection has been closed.", "08003"));
  }

  /** Holds all four partitions at a number. */
  private static final class Holding {
    private final CountDownLatch held = new CountDownLatch(4);
    private final CountDownLatch woken = new CountDownLatch(1);

    static Holding at(int number) {
      Holding holding = new Holding();
      EngineArtifacts.betweenChunks =
          next -> {
            if (next % 1000 == number) {
              holding.held.countDown();
              waitFor(holding.woken);
            }
          };
      return holding;
    }

    void awaitFour() {
      waitFor(held);
    }

    void wake() {
      woken.countDown();
    }
  }

  private static void drain(Pod pod) {
    try {
      assertThat(pod.loops.drain(Duration.ofSeconds(20))).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Pod pod(String id) {
    BeanManager noBeans =
        (BeanManager)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BeanManager.class},
                (proxy, method, arguments) -> Set.of());
    PartitaConfig config =
        TestConfig.with(
            directory, Map.of("partita.cluster.poll", "PT0.02S", "partita.server.id", id));
    TestPod member = new TestPod(database, id);
    EngineParts engine =
        new EngineAssembly(config, events, log, noBeans, List.of(), member)
            .assemble(Runnable::run, transactions.source(), transactions);
    SharedEngine shared = new SharedEngine(engine, config);
    loops.add(shared);
    background(shared::workForever);
    background(shared::ownForever);
    background(shared::leadForever);
    return new Pod(engine, member, shared);
  }

  private static void background(Runnable loop) {
    Thread thread = new Thread(loop);
    thread.setDaemon(true);
    thread.start();
  }

  private static List<String> servers(Pod pod, long execution) {
    return pod.engine.history().steps(execution).get(0).partitions().stream()
        .map(PartitionInfo::serverId)
        .toList();
  }

  private static long awaitSuccessor(Pod pod, Submission job) throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      long newest = pod.engine.history().executions(job.instanceId()).get(0).executionId();
      if (newest != job.executionId() && !pod.engine.history().steps(newest).isEmpty()) {
        return newest;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("nobody took the job over");
  }

  private static void await(Pod pod, long execution, BatchState state) throws InterruptedException {
    BatchState now = null;
    for (int i = 0; i < 3_000 && now != state; i++) {
      now = pod.engine.history().execution(execution).get(0).batchState();
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(now).isEqualTo(state);
  }

  private void awaitCopied(String wanted) {
    for (int i = 0; i < 1_000 && !copied().equals(wanted); i++) {
      pause(10);
    }
    assertThat(copied()).isEqualTo(wanted);
  }

  private static void pause(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
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
