// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.Bundle;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients ask for by name, on two pods. */
@Timeout(60)
class ClientWorkTest {
  private static final Client ANNE = new Client("anne", false, false);
  private static final Client BERT = new Client("bert", false, false);
  private static final Client MONITOR = new Client("monitor", true, false);
  private static final Client ADMIN = new Client("admin", true, true);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NOBODY = "0".repeat(16) + "-1";

  @TempDir Path folder;

  private TestPods pods;
  private Cluster cluster;
  private ClientWork work;
  private Overview overview;

  @BeforeEach
  void twoPods() {
    Texts.LATCHES.clear();
    Texts.RUNS.clear();
    pods = new TestPods(folder, List.of(Texts.class, Counter.class));
    TestPods.TestPod a = pods.add("a");
    pods.add("b");
    cluster = a.cluster();
    pods.awaitEachOther();
    work = new ClientWork(cluster);
    overview = new Overview(cluster, work);
  }

  @AfterEach
  void close() {
    Texts.LATCHES.values().forEach(CountDownLatch::countDown);
    pods.close();
  }

  private String submit(Client client, String task, String arguments) {
    return work.submit(client, task, arguments, TaskOptions.DEFAULT);
  }

  private static TaskOptions on(String pod) {
    return TaskOptions.DEFAULT.withLabels(Map.of("name", pod));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void aTaskRunsByNameAndItsResultIsShown() {
    for (String pod : List.of("a", "b")) {
      String id = work.submit(ANNE, "Texts.count", "[[\"to\",\"be\",\"to\"]]", on(pod));
      work.await(ANNE, id, PATIENCE);
      assertThat(work.result(ANNE, id).json())
          .isEqualTo("[{\"word\":\"to\",\"times\":2},{\"word\":\"be\",\"times\":1}]");
      TaskInfo info = overview.task(ANNE, id);
      assertThat(info.state()).isEqualTo("SUCCEEDED");
      assertThat(info.owner()).isEqualTo("anne");
      assertThat(info.run().pod()).isEqualTo(pod + "/1");
      assertThat(info.run().attempt()).isEqualTo(1);
      assertThat(info.run().ended()).isAfterOrEqualTo(info.run().started());
      assertThat(info.run().started()).isAfterOrEqualTo(info.run().submitted());
    }
  }

  @Test
  void aFailureIsShownWithItsCodeAndStack() {
    String id = submit(ANNE, "Texts.fails", "[\"as it should\"]");
    work.await(ANNE, id, PATIENCE);
    TaskInfo.Failure failure = Objects.requireNonNull(overview.task(ANNE, id).failure());
    assertThat(failure.code()).isEqualTo(ErrorCode.WORK_FAILED);
    assertThat(failure.message()).contains("as it should");
    assertThat(failure.stack()).contains("Texts.fails");
    assertThat(work.result(ANNE, id)).isEqualTo(ClientWork.Result.NONE);
  }

  @Test
  void whatIsNotKnownOrNotFittingIsRefusedAndLeavesNothing() {
    refused(ErrorCode.NOT_FOUND, () -> submit(ANNE, "Texts.notATask", "[\"x\"]"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> submit(ANNE, "Texts.length", "[]"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> submit(ANNE, "Texts.length", "[{}]"));
    refused(ErrorCode.NOT_FOUND, () -> overview.task(ADMIN, NOBODY));
    refused(ErrorCode.NOT_FOUND, () -> work.cancel(ADMIN, "../../etc/passwd"));
    refused(ErrorCode.NOT_FOUND, () -> work.kill(ADMIN, "0".repeat(32)));
    refused(ErrorCode.NOT_FOUND, () -> work.begin(ANNE, "Texts", null, ActorOptions.DEFAULT));
    assertThat(overview.tasks(ADMIN)).isEmpty();
    assertThat(overview.objects(ADMIN)).isEmpty();
    assertThat(overview.actors(ADMIN)).isEmpty();
  }

  @Test
  void oneSeesAndSteersItsOwnOnly() {
    String id = submit(ANNE, "Texts.await", "[\"anne\"]");
    refused(ErrorCode.FORBIDDEN, () -> overview.task(BERT, id));
    refused(ErrorCode.FORBIDDEN, () -> overview.object(BERT, id));
    refused(ErrorCode.FORBIDDEN, () -> work.cancel(BERT, id));
    refused(ErrorCode.FORBIDDEN, () -> work.cancel(MONITOR, id));
    refused(ErrorCode.FORBIDDEN, () -> work.deleteObject(BERT, id));
    assertThat(overview.tasks(BERT)).isEmpty();
    assertThat(overview.tasks(ANNE)).hasSize(1);
    assertThat(overview.tasks(MONITOR)).hasSize(1);
    work.cancel(ADMIN, id);
    assertThat(overview.task(ANNE, id).state()).isEqualTo("CANCELLED");

    ObjectRef<Integer> ofAProgram = cluster.submit(Texts::length, "abc");
    assertThat(ofAProgram.get()).isEqualTo(3);
    refused(ErrorCode.FORBIDDEN, () -> overview.task(ANNE, ofAProgram.id()));
    refused(ErrorCode.CONFLICT, () -> work.deleteObject(ADMIN, ofAProgram.id()));
    assertThat(overview.task(MONITOR, ofAProgram.id()).owner()).isEmpty();
  }

  @Test
  void anActorIsBegunCalledAndKilledByName() {
    String id = work.begin(ANNE, "Counter", "40", ActorOptions.DEFAULT.withName("c"));
    refused(ErrorCode.FORBIDDEN, () -> work.call(BERT, id, "add", "[1]", null));
    refused(ErrorCode.NOT_FOUND, () -> work.call(ANNE, id, "load", "[1]", null));
    String call = work.call(ANNE, id, "add", "[2]", Delivery.EXACTLY_ONCE);
    work.await(ANNE, call, PATIENCE);
    assertThat(work.result(ANNE, call).json()).isEqualTo("42");
    assertThat(overview.task(ANNE, call).kind()).isEqualTo("ACTOR_CALL");
    ActorInfo alive = overview.actor(MONITOR, id);
    assertThat(alive.state()).isEqualTo("ALIVE");
    assertThat(alive.owner()).isEqualTo("anne");
    assertThat(alive.type()).isEqualTo("Counter");
    refused(ErrorCode.FORBIDDEN, () -> work.kill(MONITOR, id));
    work.kill(ANNE, id);
    ActorInfo dead = overview.actor(ANNE, id);
    assertThat(dead.state()).isEqualTo("DEAD");
    assertThat(Objects.requireNonNull(dead.life().death()).message()).contains("killed by anne");
  }

  @Test
  void callsThatWaitForAnActorAreCounted() {
    String id = work.begin(ANNE, "Counter", null, ActorOptions.DEFAULT);
    String held = work.call(ANNE, id, "await", "[\"held\"]", null);
    for (int i = 0; i < 5; i++) {
      work.call(ANNE, id, "add", "[1]", null);
    }
    ActorInfo.Load load = overview.actor(ANNE, id).load();
    assertThat(load.waiting() + load.underWay()).isEqualTo(6);
    Texts.open("held");
    work.await(ANNE, held, PATIENCE);
  }

  @Test
  void onlyTheLastThousandResultsAreKept() {
    String first = submit(ANNE, "Texts.length", "[\"first\"]");
    work.await(ANNE, first, PATIENCE);
    String last = first;
    for (int i = 0; i < ClientResults.KEPT; i++) {
      last = submit(ANNE, "Texts.length", "[\"" + i + "\"]");
    }
    while (overview.tasks(ANNE).stream().anyMatch(task -> !task.state().equals("SUCCEEDED"))) {
      Thread.onSpinWait();
    }
    work.await(ANNE, last, PATIENCE);
    assertThat(overview.objects(ADMIN)).hasSize(ClientResults.KEPT);
    assertThat(work.result(ADMIN, first)).isEqualTo(ClientWork.Result.NONE);
    assertThat(work.result(ANNE, last).json()).isEqualTo("3");
  }

  @Test
  void aLargeResultIsNotShownAndGoesWhenItIsDeleted() {
    String id = submit(ANNE, "Texts.filled", "[2000000]");
    work.await(ANNE, id, PATIENCE);
    assertThat(work.result(ANNE, id)).isEqualTo(new ClientWork.Result(null, true));
    ObjectInfo object = overview.object(ANNE, id);
    assertThat(object.bytes()).isEqualTo(2_000_000);
    assertThat(object.state()).isEqualTo("AVAILABLE");
    refused(ErrorCode.FORBIDDEN, () -> work.deleteObject(BERT, id));
    work.deleteObject(ANNE, id);
    refused(ErrorCode.NOT_FOUND, () -> overview.object(ADMIN, id));
    refused(ErrorCode.NOT_FOUND, () -> work.deleteObject(ANNE, id));
    assertThat(work.result(ANNE, id)).isEqualTo(ClientWork.Result.NONE);
    assertThat(overview.task(ANNE, id).owner()).isEqualTo("anne");
  }

  @Test
  void aTaskWhoseResultNobodyWantsRunsOn() {
    String id = submit(ANNE, "Texts.await", "[\"unwanted\"]");
    work.deleteObject(ANNE, id);
    Texts.open("unwanted");
    work.await(ANNE, id, PATIENCE);
    assertThat(overview.task(ANNE, id).state()).isEqualTo("SUCCEEDED");
    assertThat(work.result(ANNE, id)).isEqualTo(ClientWork.Result.NONE);
    assertThat(overview.objects(ADMIN)).isEmpty();
  }

  @Test
  void aPlacementGroupIsReservedUsedAndReleased() {
    PlacementGroup both =
        PlacementGroup.gang(
            List.of(new Bundle(Resources.parse("cpu=1")), new Bundle(Resources.parse("cpu=1"))),
            PlacementStrategy.STRICT_SPREAD);
    String id = work.reserve(ANNE, both, PATIENCE);
    PlacementGroupInfo info = overview.group(MONITOR, id);
    assertThat(info.bundles())
        .extracting(PlacementGroupInfo.BundlePlace::pod)
        .containsExactlyInAnyOrder("a/1", "b/1");
    refused(ErrorCode.FORBIDDEN, () -> overview.group(BERT, id));
    refused(ErrorCode.FORBIDDEN, () -> work.bundle(BERT, id, 0));
    refused(ErrorCode.INVALID_ARGUMENT, () -> work.bundle(ANNE, id, 2));
    String task =
        work.submit(ANNE, "Texts.where", "[]", TaskOptions.DEFAULT.in(work.bundle(ANNE, id, 1)));
    work.await(ANNE, task, PATIENCE);
    assertThat(work.result(ANNE, task).json())
        .isEqualTo("\"" + info.bundles().get(1).pod().replace("/1", "") + "\"");
    refused(ErrorCode.FORBIDDEN, () -> work.release(BERT, id));
    work.release(ANNE, id);
    assertThat(overview.groups(ADMIN)).isEmpty();
    refused(ErrorCode.NOT_FOUND, () -> work.bundle(ANNE, id, 0));
  }
}
