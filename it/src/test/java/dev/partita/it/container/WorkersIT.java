// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partita.config.IsolationConfig.Kind;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.isolation.Answer;
import dev.partita.isolation.Call;
import dev.partita.isolation.Work;
import dev.partita.isolation.WorkContext;
import dev.partita.isolation.Worker;
import dev.partita.isolation.Workers;
import dev.partita.it.server.Checkout;
import dev.partita.objectstore.Budget;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.SharedStore;
import dev.partita.objectstore.StoredObject;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A child JVM of the real server has the application's classes, and its arena. */
@ExtendWith({ContainerServer.class, ArquillianExtension.class})
class WorkersIT {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @Inject private Workers workers;
  @Inject private SharedStore shared;

  @Deployment
  static WebArchive ourWarWithThisTest() {
    return ShrinkWrap.create(ZipImporter.class, "partita.war")
        .importFrom(Checkout.find().root().resolve("app/target/partita.war").toFile())
        .as(WebArchive.class)
        .addClasses(WorkersIT.class, Doubled.class, ContainerServer.class)
        .addAsServiceProvider(Work.class, Doubled.class);
  }

  @Test
  void theSameWorkRunsInTheServerAndInAChild() throws Exception {
    assertNotEquals(askedOf(Kind.PROCESS), Long.toString(ProcessHandle.current().pid()));
    assertEquals(askedOf(Kind.THREAD), Long.toString(ProcessHandle.current().pid()));
  }

  /** The process that did it. */
  private String askedOf(Kind kind) throws Exception {
    try (Worker worker = started(kind)) {
      ByteBuffer content = ByteBuffer.wrap(new byte[] {21});
      ObjectId id = shared.store().put(Budget.STORE, content, new byte[0], PATIENT);
      Call call = new Call("doubled", ByteBuffer.allocate(0), List.of(id));
      Answer answer = worker.submit(call).get(30, TimeUnit.SECONDS);
      ObjectId made = answer.objects().get(0);
      try (StoredObject object = shared.store().get(made, Duration.ZERO)) {
        assertEquals(42, object.view(0, 1).get(0));
      }
      shared.store().delete(id);
      shared.store().delete(made);
      return UTF_8.decode(answer.bytes()).toString();
    }
  }

  @Test
  void aChildThatCrashesLeavesTheServerUnharmed() throws Exception {
    Worker worker = started(Kind.PROCESS);
    CompletableFuture<Answer> lost = worker.submit(Call.of("doubled", new byte[1]));
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> lost.get(10, TimeUnit.SECONDS));
    PartitaException died = assertInstanceOf(PartitaException.class, failed.getCause());
    assertEquals(ErrorCode.WORKER_DIED, died.code());
    assertEquals(0, workers.open());
  }

  private Worker started(Kind kind) throws Exception {
    return workers.start(kind, "it", workers.options(1)).get(60, TimeUnit.SECONDS);
  }

  /** A new object with the double of a byte; a call that brings bytes ends the process. */
  public static final class Doubled implements Work {
    @Override
    public String name() {
      return "doubled";
    }

    @Override
    public Answer run(Call call, WorkContext context) {
      if (call.bytes().hasRemaining()) {
        Runtime.getRuntime().halt(1);
      }
      try (StoredObject object = context.store().get(call.objects().get(0), PATIENT)) {
        byte[] doubled = {(byte) (2 * object.view(0, 1).get(0))};
        ObjectId made =
            context.store().put(Budget.STORE, ByteBuffer.wrap(doubled), new byte[0], PATIENT);
        String process = Long.toString(ProcessHandle.current().pid());
        return new Answer(ByteBuffer.wrap(process.getBytes(UTF_8)), List.of(made));
      }
    }
  }
}
