// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.cluster.TestDatabases;
import dev.partita.config.PartitaConfig;
import dev.partita.config.TestConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.AttemptEnd;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaders do with the rows: on both engines, with a clock of the test's own. */
@Timeout(240)
class LeaderTest {
  private static final int PERMITS = 8;
  @RegisterExtension private static final TestDatabases DATABASES = new TestDatabases();

  private Instant now = Instant.parse("2026-11-28T00:00:00Z");
  private final Map<String, String> said = new HashMap<>();

  @Test
  void aSmallTenantGetsItsWeightBesideTenThousandPartitions() throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty("h2"));
    rows.sql("UPDATE NODE SET CPUS = 4");
    long crowd = rows.job("crowd", 10_000, "");
    long small = rows.job("small", 600, "");
    Leader leader = leader(pod(rows, "a"), rows.source, "crowd=1,small=3");
    Map<Long, Integer> started = new HashMap<>();
    for (int round = 0; round < 60; round++) {
      now = now.plusSeconds(1);
      leader.look(false);
      for (String holder : List.of("a/1", "b/1")) {
        for (PartitionClaim claim : rows.work.held(holder).keySet()) {
          started.merge(claim.stepExecutionId(), 1, Integer::sum);
          rows.complete(claim);
        }
      }
    }
    int ofSmall = started.getOrDefault(small, 0);
    int ofCrowd = started.getOrDefault(crowd, 0);
    assertThat(ofSmall + ofCrowd).as("no place stays empty").isEqualTo(60 * PERMITS);
    assertThat((double) ofSmall / ofCrowd).isBetween(0.9 * 3, 1.1 * 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void whatNoNodeCouldEverRunEndsAtOnceAndWhatWaitsSaysWhy(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey never = new PartitionKey(rows.job("t", 1, "partita.resources=gpu=1"), 0);
    PartitionKey elsewhere = new PartitionKey(rows.job("t", 1, "partita.pool=spot"), 0);
    long three = rows.job("t", 3, "");
    Leader leader = leader(pod(rows, "a"), rows.source, "");
    leader.look(false);
    assertThat(rows.work.results(Set.of(never.stepExecutionId()), -1L).get(never))
        .isEqualTo(
            "PLACEMENT_INFEASIBLE: no node could ever run it: asks gpu=1, the largest node has 0");
    assertThat(rows.work.results(Set.of(elsewhere.stepExecutionId()), -1L).get(elsewhere))
        .contains("PLACEMENT_INFEASIBLE", "pool spot");
    assertThat(said).isEmpty();
    now = now.plusSeconds(2);
    leader.look(false);
    assertThat(said.get(Long.toString(three)))
        .contains("waits for cpu=1", "of 2 nodes that could run it none has room now");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aMemberThatDiesEndsTheAttemptOfItsGangAndAllStartAgain(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    rows.sql("UPDATE NODE SET CPUS = 4");
    long gang = rows.job("t", 3, "partita.gang=true");
    TestPod b = pod(rows, "b");
    rows.leaders.resign(rows.token);
    Leader leader = leader(b, rows.source, "");
    leader.look(true);
    List<GangMember> first = rows.work.gang(gang, 1);
    assertThat(first).hasSize(3);
    String home = first.get(0).holder();
    assertThat(first).allMatch(member -> member.holder().equals(home));
    PartitionClaim failed = rows.work.held(home).keySet().iterator().next();
    rows.database.within(
        () -> {
          rows.leases.lock(failed);
          rows.work.waiting(key(failed), AttemptEnd.PREEMPTED);
          return true;
        });
    leader.look(false);
    assertThat(rows.work.held(home).values()).hasSize(2).containsOnly(WorkRepository.Wish.LEAVE);
    now = now.plusSeconds(5);
    leader.look(false);
    leader.look(false);
    leader.look(false);
    List<PlacementRepository.Row> again = rows.placement.all(gang);
    assertThat(again).noneMatch(PlacementRepository.Row::waits);
    assertThat(again.stream().map(PlacementRepository.Row::attempt).distinct()).hasSize(1);
    assertThat(again.get(0).attempt()).isGreaterThan(1);
    assertThat(code(() -> rows.leases.lock(failed))).isEqualTo(ErrorCode.FENCED);
    again.forEach(
        row -> rows.complete(new PartitionClaim(gang, row.key().partition(), row.attempt())));
    leader.look(false);
    assertThat(rows.placement.open()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void podsThatDieAfterACheckpointOfTheStepAreNoFaultOfItsPartitions(String engine)
      throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey key = new PartitionKey(rows.job("t", 1, ""), 0);
    StepDemand step =
        rows.placement.steps(Set.of(key.stepExecutionId())).values().iterator().next().demand();
    // It leads and runs nothing, so that it outlives those that do.
    TestPod z = pod(rows, "z");
    z.join(rows.source);
    rows.sql("UPDATE NODE SET CPUS = 0, PLACES = 0 WHERE ID = 'z'");
    rows.leaders.resign(rows.token);
    Leader leader = leader(z, rows.source, "", 3);
    leader.look(true);
    for (int death = 1; death <= 5; death++) {
      rows.work.checkpointed(step.instanceId(), step.stepName());
      killHolder(rows, key);
      leader.look(false);
      assertThat(rows.placement.open()).as("after death " + death).hasSize(1);
      assertThat(rows.placement.open().get(0).attempt()).isEqualTo(death + 1);
    }
    killHolder(rows, key);
    leader.look(false);
    assertThat(rows.placement.open()).as("one death before had a checkpoint").hasSize(1);
    killHolder(rows, key);
    leader.look(false);
    assertThat(rows.work.results(Set.of(key.stepExecutionId()), -1L).get(key))
        .startsWith("partition 0: quarantined: 3 nodes");
  }

  /** The pod that runs it dies and begins another life at once. */
  private static void killHolder(ClusterRows rows, PartitionKey key) throws SQLException {
    String holder = rows.placement.all(key.stepExecutionId()).get(0).holder();
    String id = holder.substring(0, holder.indexOf('/'));
    rows.sql(
        "UPDATE NODE SET INCARNATION = INCARNATION + 1, HOLDER = '%s/' || (INCARNATION + 1)"
                .formatted(id)
            + " WHERE HOLDER = '"
            + holder
            + "'");
  }

  /** The database refuses commits, or takes them and says it did not, while leaders come and go. */
  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void leadersThatDieWhilePlacingPlaceNothingTwiceAndLoseNothing(String engine) throws Exception {
    for (int seed = 0; seed < (engine.equals("h2") ? 20 : 1); seed++) {
      new Chaos(new ClusterRows(DATABASES.empty(engine)), new Random(seed), "seed " + seed).run();
    }
  }

  private final class Chaos {
    private final ClusterRows rows;
    private final Random random;
    private final String name;
    private final List<TestPod> pods = new ArrayList<>();
    private final Map<TestPod, Leader> leaders = new HashMap<>();
    private final Set<TestPod> dead = new HashSet<>();
    private final Map<String, String> givenTo = new HashMap<>();
    private final Map<PartitionKey, Integer> completed = new HashMap<>();
    private boolean faults = true;

    Chaos(ClusterRows rows, Random random, String name) throws SQLException {
      this.rows = rows;
      this.random = random;
      this.name = name;
      rows.sql("UPDATE NODE SET STATE = 'DEAD'");
      for (String id : List.of("c", "d", "e")) {
        TestPod pod = pod(rows, id);
        pod.join(rows.source);
        pods.add(pod);
      }
    }

    void run() throws SQLException {
      int partitions = 0;
      for (int i = 0; i < 3; i++) {
        rows.job("t" + i, 20, "");
        partitions += 20;
      }
      rows.job("t0", 4, "partita.gang=true");
      partitions += 4;
      int turn = 0;
      while (completed.size() < partitions && turn++ < 3_000) {
        faults = turn < 1_500;
        now = now.plusMillis(random.nextInt(400));
        killOrRevive();
        lead(pods.get(random.nextInt(pods.size())));
        pods.stream().filter(pod -> !dead.contains(pod)).forEach(this::work);
      }
      assertThat(completed).as(name + ": none is lost").hasSize(partitions);
      assertThat(completed.values()).as(name + ": none completes twice").containsOnly(1);
    }

    private void killOrRevive() throws SQLException {
      TestPod pod = pods.get(random.nextInt(pods.size()));
      if (dead.contains(pod)) {
        if (random.nextInt(3) == 0) {
          pod.awake();
          dead.remove(pod);
          leaders.remove(pod);
        }
      } else if (faults && dead.isEmpty() && random.nextInt(12) == 0) {
        // Nobody tells it: as leader it goes on until it is refused.
        rows.sql("UPDATE NODE SET STATE = 'DEAD' WHERE HOLDER = '" + pod.holder() + "'");
        dead.add(pod);
      }
    }

    private void lead(TestPod pod) {
      try {
        leaders.computeIfAbsent(pod, p -> leader(p, faulty(rows.source), "")).look(true);
      } catch (RuntimeException e) {
        assertThat(e).as(name).isInstanceOf(PartitaException.class);
      }
    }

    private void work(TestPod pod) {
      Map<PartitionClaim, WorkRepository.Wish> held = rows.work.held(pod.holder());
      assertThat(held.size()).as(name + ": places of " + pod.holder()).isLessThanOrEqualTo(PERMITS);
      held.forEach(
          (claim, wish) -> {
            String former = givenTo.put(claim.toString(), pod.holder());
            assertThat(former == null || former.equals(pod.holder()))
                .as(name + ": " + claim + " is given to " + former + " and " + pod.holder())
                .isTrue();
            if (wish == WorkRepository.Wish.LEAVE || random.nextInt(40) == 0) {
              handBack(claim, wish);
            } else if (random.nextInt(4) == 0) {
              rows.complete(claim);
              completed.merge(key(claim), 1, Integer::sum);
            }
          });
    }

    private void handBack(PartitionClaim claim, WorkRepository.Wish wish) {
      rows.database.within(
          () -> {
            rows.leases.lock(claim);
            rows.work.waiting(
                key(claim),
                wish == WorkRepository.Wish.LEAVE
                    ? AttemptEnd.GANG_ABORTED
                    : AttemptEnd.NOT_STARTED);
            return true;
          });
    }

    /** Its commits fail now and then, before or after they took effect. */
    private DataSource faulty(DataSource source) {
      return proxy(
          DataSource.class,
          source,
          () ->
              proxy(
                  Connection.class,
                  failing(source::getConnection),
                  null,
                  real -> {
                    int fault = faults ? random.nextInt(20) : -1;
                    if (fault == 0) {
                      real.rollback();
                      throw new SQLException("lost before the commit");
                    }
                    real.commit();
                    if (fault == 1) {
                      throw new SQLException("lost after the commit");
                    }
                  }),
          null);
    }
  }

  @FunctionalInterface
  private interface Commit {
    void of(Connection real) throws SQLException;
  }

  @FunctionalInterface
  private interface Connecting {
    Connection connect() throws SQLException;
  }

  private static Connection failing(Connecting source) {
    try {
      return source.connect();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T proxy(
      Class<T> type, Object real, @Nullable Supplier<?> connection, @Nullable Commit commit) {
    return type.cast(
        Proxy.newProxyInstance(
            LeaderTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (connection != null && method.getName().equals("getConnection")) {
                return connection.get();
              }
              if (commit != null && method.getName().equals("commit")) {
                commit.of((Connection) real);
                return null;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static PartitionKey key(PartitionClaim claim) {
    return new PartitionKey(claim.stepExecutionId(), claim.partition());
  }

  private static ErrorCode code(Runnable call) {
    try {
      call.run();
    } catch (PartitaException e) {
      return e.code();
    }
    throw new AssertionError("nothing was thrown");
  }

  private static TestPod pod(ClusterRows rows, String id) {
    return new TestPod(rows.source, id);
  }

  private Leader leader(TestPod pod, DataSource source, String weights) {
    return leader(pod, source, weights, 1_000);
  }

  private Leader leader(TestPod pod, DataSource source, String weights, int quarantineAfter) {
    PartitaConfig config =
        TestConfig.with(
            Map.of(
                "partita.tenants.weights",
                weights,
                "partita.jobs.quarantine-after",
                Integer.toString(quarantineAfter)));
    LocalTransactions transactions = new LocalTransactions(source);
    Database database = new Database(transactions.source(), transactions);
    Duration lease = config.jobs().lease();
    LeaderRepository leaders = new LeaderRepository(database, lease);
    return new Leader(
        pod,
        leaders,
        new PlacementRepository(database, leaders, new WorkRepository(database), lease),
        config,
        (step, reason) -> said.put(Long.toString(step.stepExecutionId()), reason),
        () -> now);
  }
}
