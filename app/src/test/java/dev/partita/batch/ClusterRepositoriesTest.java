// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.cluster.TestDatabases;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.AttemptEnd;
import jakarta.batch.runtime.BatchStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the repositories of posted partitions promise, on both engines. */
@Timeout(120)
class ClusterRepositoriesTest {
  @RegisterExtension private static final TestDatabases DATABASES = new TestDatabases();

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aPartitionIsGivenOnceAndAgainOnlyWhenItsPodIsGone(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey key = rows.post(0);
    assertThat(rows.claim("a/1")).hasValue(new PartitionClaim(key.stepExecutionId(), 0, 1));
    assertThat(rows.claim("b/1")).isEmpty();
    rows.sql("UPDATE NODE SET STATE = 'DEAD' WHERE HOLDER = 'a/1'");
    PartitionClaim second = rows.claim("b/1").orElseThrow();
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(rows.work.held("b/1")).isEqualTo(Map.of(second, WorkRepository.Wish.NONE));
    assertThat(code(() -> rows.leases.lock(new PartitionClaim(key.stepExecutionId(), 0, 1))))
        .isEqualTo(ErrorCode.FENCED);
    rows.leases.lock(second);
    assertThat(rows.leases.refused()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void nothingIsGivenToAPodThatDrainsOrIsGone(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    rows.post(0);
    rows.sql("UPDATE NODE SET STATE = 'DRAINING' WHERE HOLDER = 'a/1'");
    assertThat(rows.claim("a/1")).isEmpty();
    assertThat(rows.claim("c/1")).isEmpty();
    assertThat(rows.claim("b/1")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void whetherAHolderCommittedIsKnown(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    rows.post(0);
    rows.sql("UPDATE PARTITION_LEASE SET COMMIT_COUNT = 3");
    assertThat(rows.claim("a/1")).isPresent();
    assertThat(rows.placement.open().get(0).committed()).isFalse();
    rows.sql("UPDATE PARTITION_LEASE SET COMMIT_COUNT = COMMIT_COUNT + 1");
    assertThat(rows.placement.open().get(0).committed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aDeposedLeaderCommitsNothing(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey key = rows.post(0);
    long former = rows.token;
    assertThat(rows.leaders.lead("b/1")).as("a leads").isEmpty();
    rows.sql("UPDATE NODE SET STATE = 'DEAD' WHERE HOLDER = 'a/1'");
    long token = rows.leaders.lead("b/1").orElseThrow();
    assertThat(token).isGreaterThan(former);
    assertThat(rows.leaders.renew(former)).isFalse();
    assertThat(rows.leaders.renew(token)).isTrue();
    List<PlacementRepository.Gift> gift =
        List.of(new PlacementRepository.Gift(key, 1, "b/1", 0, ""));
    assertThat(code(() -> rows.placement.give(former, List.of(gift)))).isEqualTo(ErrorCode.FENCED);
    assertThat(code(() -> rows.placement.end(former, key, BatchStatus.FAILED, "why")))
        .isEqualTo(ErrorCode.FENCED);
    assertThat(rows.placement.open().get(0).attempt()).isZero();
    rows.leaders.resign(former);
    assertThat(rows.placement.give(token, List.of(gift))).hasSize(1);
    rows.leaders.resign(token);
    assertThat(rows.leaders.lead("b/1")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aGangIsGivenAsAWholeAndItsMembersAreKnown(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey first = rows.post(0);
    PartitionKey second = rows.post(1, first.stepExecutionId());
    List<PlacementRepository.Gift> gang =
        List.of(
            new PlacementRepository.Gift(first, 1, "a/1", 0, "0:1000"),
            new PlacementRepository.Gift(second, 1, "b/1", 0, "1:500"));
    rows.sql("UPDATE PARTITION_LEASE SET ATTEMPT = 1 WHERE PARTITION_NUMBER = 1");
    assertThat(rows.placement.give(rows.token, List.of(gang))).isEmpty();
    assertThat(rows.work.held("a/1")).isEmpty();
    rows.sql("UPDATE PARTITION_LEASE SET ATTEMPT = 0");
    assertThat(rows.placement.give(rows.token, List.of(gang))).containsExactly(gang);
    assertThat(rows.work.gang(first.stepExecutionId(), 1))
        .containsExactly(
            new GangMember(0, "a/1", "a:1", "0:1000"), new GangMember(1, "b/1", "b:1", "1:500"));
    assertThat(rows.work.gang(first.stepExecutionId(), 2)).isEmpty();
    rows.placement.leave(rows.token, second);
    assertThat(rows.work.held("b/1").values()).containsExactly(WorkRepository.Wish.LEAVE);
    rows.placement.takeBack(rows.token, second, 1);
    assertThat(rows.work.held("b/1")).isEmpty();
    assertThat(rows.work.gang(first.stepExecutionId(), 1)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void whatEndsIsEndedOnceAndWhyAttemptsEndedIsCounted(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey key = rows.post(0);
    assertThat(rows.claim("a/1")).isPresent();
    rows.work.waiting(key, AttemptEnd.FAILED);
    assertThat(rows.claim("a/1")).isPresent();
    rows.work.waiting(key, AttemptEnd.PREEMPTED);
    rows.work.waiting(key, AttemptEnd.GANG_ABORTED);
    WorkRepository.Tried tried = rows.work.tried(key);
    assertThat(tried.history().failures()).isEqualTo(1);
    assertThat(tried.history().preemptions()).isEqualTo(1);
    assertThat(tried.retry().attempts()).isEqualTo(3);
    rows.placement.end(rows.token, key, BatchStatus.FAILED, "why");
    rows.placement.end(rows.token, key, BatchStatus.COMPLETED, "");
    assertThat(rows.placement.open()).isEmpty();
    assertThat(rows.placement.failure(key)).hasValue("why");
    assertThat(rows.work.results(Set.of(key.stepExecutionId()), -1L)).isEqualTo(Map.of(key, "why"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aResultIsTakenOnceByEachTaker(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
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
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
    PartitionKey running = rows.post(0);
    PartitionClaim claim = rows.claim("a/1").orElseThrow();
    PartitionKey waiting = rows.post(1, running.stepExecutionId());
    rows.work.wishStop(List.of(running, waiting));
    assertThat(rows.work.held("a/1")).isEqualTo(Map.of(claim, WorkRepository.Wish.STOP));
    assertThat(rows.work.results(Set.of(running.stepExecutionId()), 0L)).isEmpty();
    assertThat(rows.work.results(Set.of(running.stepExecutionId()), -1L).keySet())
        .containsExactly(waiting);
    assertThat(rows.partitions.find(waiting, "step").orElseThrow().getBatchStatus())
        .isEqualTo(BatchStatus.STOPPED);
    assertThat(rows.placement.open()).noneMatch(PlacementRepository.Row::waits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aSuccessorSeesWhatEachPartitionCameTo(String engine) throws Exception {
    ClusterRows rows = new ClusterRows(DATABASES.empty(engine));
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
    assertThat(rows.placement.open()).noneMatch(PlacementRepository.Row::waits);
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
}
