// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static dev.partita.isolation.WorkersFixture.failure;
import static dev.partita.isolation.WorkersFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.IsolationConfig.Kind;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.ObjectInfo;
import dev.partita.objectstore.StoredObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for work wherever it runs: the same code, in threads and in children. */
class WorkerContractTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir static Path temp;
  private static WorkersFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new WorkersFixture(temp, Map.of());
  }

  @AfterAll
  static void close() {
    fixture.close();
    assertThat(fixture.workers.open()).isZero();
  }

  private static Worker start(Kind kind) {
    return fixture.start(kind, "w", 1);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void bytesAndObjectsGoThereAndComeBack(Kind kind) {
    try (Worker worker = start(kind)) {
      byte[] bytes = new byte[Call.MAX_BYTES];
      bytes[12_345] = 42;
      List<ObjectId> ids = new ArrayList<>();
      for (int i = 0; i < Call.MAX_OBJECTS; i++) {
        ids.add(new ObjectId(i, -i));
      }
      Answer answer = value(worker.submit(new Call("echo", ByteBuffer.wrap(bytes), ids)));
      assertThat(answer.bytes()).isEqualTo(ByteBuffer.wrap(bytes));
      assertThat(answer.objects()).isEqualTo(ids);
      assertThat(value(worker.submit(Call.of("echo", new byte[0]))).bytes().remaining()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void objectsAreReadAndMadeInTheSameArena(Kind kind) {
    try (Worker worker = start(kind)) {
      ObjectId one = fixture.put((byte) 1, (byte) 2);
      ObjectId two = fixture.put((byte) 60);
      Answer answer =
          value(worker.submit(new Call("double", ByteBuffer.allocate(0), List.of(one, two))));
      try (StoredObject first = fixture.store().get(answer.objects().get(0), Duration.ZERO);
          StoredObject second = fixture.store().get(answer.objects().get(1), Duration.ZERO)) {
        assertThat(first.view(0, 2).get(1)).isEqualTo((byte) 4);
        assertThat(second.view(0, 1).get(0)).isEqualTo((byte) 120);
      }
      answer.objects().forEach(fixture.store()::delete);
      fixture.store().delete(one);
      fixture.store().delete(two);
      assertThat(fixture.store().list()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsThrownArrivesWithTheStackOfItsPlace(Kind kind) {
    try (Worker worker = start(kind)) {
      PartitaException failed = failure(worker.submit(TestWork.call("throw", "fly")), SOON);
      assertThat(failed).isInstanceOf(RemoteFailure.class);
      assertThat(failed.code()).isEqualTo(ErrorCode.WORK_FAILED);
      assertThat(failed).hasMessage("work 'throw' failed: java.io.IOException: cannot fly");
      assertThat(((RemoteFailure) failed).remoteStack())
          .contains("TestWork$Throw.run(TestWork.java:")
          .contains("Caused by: java.lang.IllegalStateException: the cause");
      assertThat(failed).hasStackTraceContaining("TestWork$Throw.run(TestWork.java:");

      PartitaException coded = failure(worker.submit(TestWork.call("throw", "coded")), SOON);
      assertThat(coded.code()).isEqualTo(ErrorCode.OBJECT_LOST);
      PartitaException deep = failure(worker.submit(TestWork.call("throw", "overflow")), SOON);
      assertThat(deep).hasMessageContaining("StackOverflowError");
      assertThat(value(worker.submit(Call.of("count", new byte[0])))).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void unknownWorkIsNotFound(Kind kind) {
    try (Worker worker = start(kind)) {
      PartitaException unknown = failure(worker.submit(Call.of("fly", new byte[0])), SOON);
      assertThat(unknown.code()).isEqualTo(ErrorCode.NOT_FOUND);
      assertThat(unknown).hasMessageContaining("no work 'fly'").hasMessageContaining("echo");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anAnswerThatIsTooLargeIsAnErrorOfItsCallOnly(Kind kind) {
    try (Worker worker = start(kind)) {
      PartitaException large = failure(worker.submit(Call.of("large", new byte[0])), SOON);
      assertThat(large.code()).isEqualTo(ErrorCode.TOO_LARGE);
      assertThat(value(worker.submit(Call.of("echo", new byte[1]))).bytes().remaining())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aWorkerKeepsItsStateAndSharesNone(Kind kind) {
    try (Worker one = start(kind);
        Worker other = start(kind)) {
      List<CompletableFuture<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(one.submit(Call.of("count", new byte[0])));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(TestWork.text(value(calls.get(i)).bytes())).isEqualTo(Integer.toString(i + 1));
      }
      assertThat(TestWork.text(value(other.submit(Call.of("count", new byte[0]))).bytes()))
          .isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void cancellingInterruptsTheWorkAndFreesItsPlace(Kind kind) {
    try (Worker worker = start(kind)) {
      CompletableFuture<Answer> running = worker.submit(Call.of("wait", new byte[0]));
      CompletableFuture<Answer> waiting = worker.submit(Call.of("wait", new byte[0]));
      CompletableFuture<Answer> last = worker.submit(Call.of("echo", new byte[3]));
      assertThat(waiting.cancel(true)).isTrue();
      // At once where the worker had not heard of it yet.
      assertThat(worker.held()).isBetween(2, 3);
      assertThat(running.cancel(true)).isTrue();
      assertThat(running).isCancelled();
      assertThat(value(last).bytes().remaining()).isEqualTo(3);
      WorkersFixture.awaits(SOON, () -> worker.held() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void cancelledWorkThatDoesNotListenKeepsItsPlaceUntilItsWorkerIsKilled(Kind kind) {
    // A thread that does not end keeps what it holds: this needs an arena of its own.
    try (WorkersFixture own = new WorkersFixture(temp.resolve(kind.name()), Map.of())) {
      Worker worker = own.start(kind, "stubborn", 1);
      ByteBuffer stubborn = TestWork.call("wait", "stubborn").bytes();
      CompletableFuture<Answer> call =
          worker.submit(new Call("wait", stubborn, List.of(own.put((byte) 1))));
      WorkersFixture.awaits(SOON, () -> own.store().statistics().writingObjects() == 1);
      call.cancel(true);
      CompletableFuture<Answer> next = worker.submit(Call.of("echo", new byte[0]));
      assertThat(worker.held()).isEqualTo(2);
      worker.kill();
      assertThat(WorkersFixture.lost(worker, next).cause()).isEqualTo(WorkerEnd.Cause.KILLED);
      assertThat(failure(worker.submit(Call.of("echo", new byte[0])), SOON).code())
          .isEqualTo(ErrorCode.WORKER_DIED);
      // A thread cannot be ended, and it shows.
      int held = kind == Kind.THREAD ? 1 : 0;
      WorkersFixture.awaits(SOON, () -> worker.held() == held);
      WorkersFixture.awaits(SOON, () -> own.store().statistics().writingObjects() == held);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void callsOfAClosedWorkerAreLost(Kind kind) {
    Worker worker = start(kind);
    CompletableFuture<Answer> call = worker.submit(Call.of("wait", new byte[0]));
    worker.close();
    worker.close();
    assertThat(WorkersFixture.lost(worker, call).cause()).isEqualTo(WorkerEnd.Cause.CLOSED);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void severalCallsRunAtOnceWhereAllowed(Kind kind) {
    try (Worker worker = fixture.start(kind, "wide", 3)) {
      CompletableFuture<Answer> one = worker.submit(Call.of("wait", new byte[0]));
      CompletableFuture<Answer> two = worker.submit(Call.of("wait", new byte[0]));
      assertThat(value(worker.submit(Call.of("echo", new byte[1])))).isNotNull();
      one.cancel(true);
      two.cancel(true);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void moreThanAWorkerMayHoldIsRefusedAtOnce(Kind kind) {
    try (Worker worker = start(kind)) {
      byte[] megabyte = new byte[Call.MAX_BYTES];
      CompletableFuture<Answer> first = worker.submit(Call.of("wait", new byte[0]));
      List<CompletableFuture<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        calls.add(worker.submit(Call.of("echo", megabyte)));
      }
      assertThat(failure(calls.get(63), Duration.ofSeconds(1)).code())
          .isEqualTo(ErrorCode.UNAVAILABLE);
      first.cancel(true);
      assertThat(value(calls.get(62)).bytes().remaining()).isEqualTo(Call.MAX_BYTES);
      assertThat(value(worker.submit(Call.of("echo", megabyte)))).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothingIsHeldInTheArenaAfterwards(Kind kind) {
    try (Worker worker = start(kind)) {
      ObjectId id = fixture.put((byte) 1);
      Call call = new Call("double", ByteBuffer.allocate(0), List.of(id));
      for (int i = 0; i < 20; i++) {
        value(worker.submit(call)).objects().forEach(fixture.store()::delete);
      }
      assertThat(fixture.store().list())
          .singleElement()
          .extracting(ObjectInfo::pinningProcesses)
          .isEqualTo(0);
      fixture.store().delete(id);
    }
  }
}
