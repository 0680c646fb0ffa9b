// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static dev.partita.isolation.WorkersFixture.lost;
import static dev.partita.isolation.WorkersFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.IsolationConfig.Kind;
import dev.partita.isolation.WorkerEnd.Cause;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.ObjectInfo;
import dev.partita.objectstore.StoreStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Children that die in every way: their work is lost within a second, and nothing else is. */
class WorkerDeathTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path temp;
  private WorkersFixture fixture;

  @BeforeEach
  void open() {
    fixture = new WorkersFixture(temp, Map.of("partita.isolation.frozen-after", "PT0.5S"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "segmentation fault, DIED, signal 6",
    "write through a get address, DIED, signal 6",
    "abort, DIED, signal 6",
    "exit, DIED, exited with 7",
    "halt, DIED, exited with 0",
    "heap, OUT_OF_MEMORY, ran out of memory",
    "native memory, OUT_OF_MEMORY, ran out of memory",
  })
  void theWorkIsLostAndNothingElse(String how, Cause cause, String detail) {
    try (Worker other = fixture.startProcess("other")) {
      ProcessWorker worker = fixture.startProcess("doomed");
      CompletableFuture<Answer> others = other.submit(Call.of("wait", new byte[0]));
      CompletableFuture<Answer> call = worker.submit(TestWork.call("end", how));
      CompletableFuture<Answer> queued = worker.submit(Call.of("echo", new byte[0]));
      // From the death on; filling memory takes its time.
      awaitDeath(worker.pid());
      WorkerEnd end = lost(worker, call);
      assertThat(end.cause()).as(end.detail()).isEqualTo(cause);
      assertThat(end.detail()).contains("process " + worker.pid()).contains(detail);
      assertThat(lost(worker, queued)).isEqualTo(end);
      assertThat(others).isNotDone();
      others.cancel(true);
      assertThat(value(other.submit(Call.of("echo", new byte[2]))).bytes().remaining())
          .isEqualTo(2);
      assertThat(fixture.workers.open()).isEqualTo(1);
    }
  }

  @Test
  void aKilledChildLeavesNothingInTheArena() throws IOException {
    ObjectId id = fixture.put((byte) 1, (byte) 2);
    ProcessWorker worker = fixture.startProcess("holder");
    CompletableFuture<Answer> call =
        worker.submit(new Call("wait", ByteBuffer.allocate(0), List.of(id)));
    WorkersFixture.awaits(
        Duration.ofSeconds(10), () -> fixture.store().statistics().writingObjects() == 1);
    assertThat(fixture.store().statistics()).returns(1L, StoreStatistics::pinnedObjects);
    signal("KILL", worker);
    WorkerEnd end = lost(worker, call);
    assertThat(end.cause()).isEqualTo(Cause.DIED);
    assertThat(end.detail()).contains("signal 9");
    WorkersFixture.awaits(SECOND, () -> fixture.store().statistics().clients() == 1);
    assertThat(fixture.store().list())
        .singleElement()
        .returns(0, ObjectInfo::pinningProcesses)
        .returns(id, ObjectInfo::id);
  }

  @Test
  void aFrozenChildIsKilledAndItsWorkLost() throws IOException {
    try (Worker other = fixture.startProcess("other")) {
      ProcessWorker worker = fixture.startProcess("frozen");
      CompletableFuture<Answer> call = worker.submit(Call.of("wait", new byte[0]));
      signal("STOP", worker);
      // More than its pipe takes: whoever submits must not wait for it.
      for (int i = 0; i < 8; i++) {
        assertThat(worker.submit(Call.of("echo", new byte[Call.MAX_BYTES]))).isNotDone();
      }
      WorkerEnd end = lostWithin(Duration.ofSeconds(2), worker, call);
      assertThat(end.cause()).isEqualTo(Cause.FROZEN);
      WorkersFixture.awaits(SECOND, () -> !alive(worker.pid()));
      // It had the same time, and used it to beat.
      assertThat(value(other.submit(Call.of("echo", new byte[2]))).bytes().remaining())
          .isEqualTo(2);
    }
  }

  @Test
  void aFrozenChildCanBeClosed() throws IOException {
    ProcessWorker worker = fixture.startProcess("frozen");
    signal("STOP", worker);
    worker.close();
    assertThat(alive(worker.pid())).isFalse();
  }

  /** Each round another instant of its life. */
  @RepeatedTest(10)
  void aKillAtAnyInstantEndsEachCallExactlyOnce(RepetitionInfo round) throws IOException {
    ProcessWorker worker = fixture.startProcess("doomed");
    ObjectId id = fixture.put((byte) 1);
    Call call = new Call("double", ByteBuffer.allocate(0), List.of(id));
    List<CompletableFuture<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(worker.submit(call));
    }
    int answered = round.getCurrentRepetition() * 37 % calls.size();
    WorkersFixture.awaits(Duration.ofSeconds(30), () -> calls.get(answered).isDone());
    signal("KILL", worker);
    value(worker.ended().toCompletableFuture());
    assertThat(calls).allSatisfy(c -> assertThat(c).isDone());
    assertThat(worker.held()).isZero();
    WorkersFixture.awaits(SECOND, () -> fixture.store().statistics().clients() == 1);
    assertThat(fixture.store().statistics())
        .returns(0L, StoreStatistics::writingObjects)
        .returns(0L, StoreStatistics::pinnedObjects);
  }

  @Test
  void aChildThatCannotStartIsToldToWhoAsked() {
    WorkerOptions tooSmall = new WorkerOptions(1, 1 << 10, 256 << 20);
    CompletableFuture<Worker> start = fixture.workers.start(Kind.PROCESS, "small", tooSmall);
    assertThat(WorkersFixture.failure(start, Duration.ofSeconds(10)))
        .hasMessageContaining("did not start")
        .hasMessageContaining("Too small maximum heap");
    assertThat(fixture.workers.open()).isZero();
  }

  private static WorkerEnd lostWithin(
      Duration time, Worker worker, CompletableFuture<Answer> call) {
    WorkersFixture.failure(call, time);
    return lost(worker, call);
  }

  private static void awaitDeath(long pid) {
    WorkersFixture.awaits(Duration.ofSeconds(30), () -> !alive(pid));
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void signal(String name, ProcessWorker worker) throws IOException {
    WorkersFixture.signal(name, worker.pid());
  }
}
