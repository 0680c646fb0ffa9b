// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes calls of what a program, a client or another pod asks for. Any thread. */
final class Calls {
  /** How long who asks for more than there is room for is kept back. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TaskNode node;
  private final int maxPending;
  private final Semaphore room;

  /**
   * For a pod.
   *
   * @param maxPending calls that have not ended, at most
   */
  Calls(TaskNode node, int maxPending) {
    this.node = node;
    this.maxPending = maxPending;
    this.room = new Semaphore(maxPending);
  }

  /** Submits a task; returns the object that it will make. */
  ObjectEntry task(RemoteMethod method, TaskOptions options, List<?> arguments) {
    method.checkCount(arguments.size());
    Submission.Request request =
        new Submission.Request(
            Call.Kind.TASK,
            method.name(),
            options.name().isEmpty() ? method.name() : options.name(),
            method,
            options.resources(),
            options.where(),
            options.retries(),
            options.timeout(),
            options.priority(),
            options.bundle());
    Submission submission = submission(request, arguments(method.arguments(), arguments));
    submission.result.lineage = submission;
    node.submissions().submit(submission);
    return submission.result;
  }

  /** Begins an actor. */
  OwnedActor actor(ActorType type, ActorOptions options, @Nullable Object argument) {
    check(type, options, argument);
    List<Submission.Argument> start = new ArrayList<>();
    if (type.argument() != null) {
      Value value = node.values().outgoing(argument, type.argument());
      start.add(new Submission.Argument(value, null, type.argument(), released(value)));
    }
    OwnedActor actor = new OwnedActor(Ids.actor(), type, options, start);
    node.actors().add(actor);
    return actor;
  }

  /**
   * Whether an actor of this class can be begun so.
   *
   * @throws PartitaException INVALID_ARGUMENT
   */
  static void check(ActorType type, ActorOptions options, @Nullable Object argument) {
    if (options.delivery() == Delivery.EXACTLY_ONCE && type.state() == null) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "EXACTLY_ONCE is for actors that implement Snapshots; " + type.name() + " does not");
    }
    if (argument != null && type.argument() == null) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, type.name() + " takes no argument: implement Starting");
    }
  }

  /** Calls an actor of this pod. */
  ObjectEntry call(OwnedActor actor, RemoteMethod method, Delivery delivery, List<?> arguments) {
    method.checkCount(arguments.size());
    if (delivery == Delivery.EXACTLY_ONCE && actor.type.state() == null) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "EXACTLY_ONCE is for actors that implement Snapshots; " + actor.label() + " does not");
    }
    return send(actor, method, delivery, arguments(method.arguments(), arguments), 0, 0);
  }

  /** A call of another pod's to an actor of this one. */
  void route(Call call, Answer answer) {
    Call.ToActor to = java.util.Objects.requireNonNull(call.to());
    ObjectEntry result;
    JavaType type;
    try {
      OwnedActor actor = node.actors().find(to.actor());
      if (actor == null) {
        throw new PartitaException(
            ErrorCode.ACTOR_DIED, call.label() + ": actor " + to.actor() + " is not known here");
      }
      RemoteMethod method = actor.type.method(call.name());
      method.checkCount(call.values().size());
      List<Submission.Argument> arguments = new ArrayList<>();
      for (int i = 0; i < call.values().size(); i++) {
        arguments.add(
            new Submission.Argument(
                call.values().get(i), null, method.arguments().get(i), () -> {}));
      }
      type = method.result();
      result = send(actor, method, to.delivery(), arguments, to.caller(), to.sequence());
    } catch (PartitaException e) {
      answer.failed(Failures.of(e.code(), String.valueOf(e.getMessage())));
      return;
    }
    result.whenDone(
        (value, failure) -> {
          if (failure == null) {
            answer.done(
                node.values().outgoing(value, type), 0, List.of(node.refs().own(result, type)));
          } else {
            answer.failed(
                failure instanceof TaskFailure known
                    ? new Frame.Failure(
                        known.code(), "", String.valueOf(known.getMessage()), known.remoteStack())
                    : Failures.thrown(call.label(), failure));
            node.objects().release(result);
          }
        });
  }

  private ObjectEntry send(
      OwnedActor actor,
      RemoteMethod method,
      Delivery delivery,
      List<Submission.Argument> arguments,
      long caller,
      long sequence) {
    Submission.Request request =
        new Submission.Request(
            actor.owner == null ? Call.Kind.ACTOR_CALL : Call.Kind.ACTOR_ROUTE,
            method.name(),
            actor.label() + "." + method.method().getName(),
            method,
            actor.options.resources(),
            actor.options.where(),
            TaskOptions.Retries.DEFAULT,
            Duration.ZERO,
            0,
            actor.options.bundle());
    Submission submission = submission(request, arguments);
    if (sequence == 0) {
      node.actors().call(actor, submission, delivery);
    } else {
      node.actors().call(actor, submission, delivery, caller, sequence);
    }
    return submission.result;
  }

  private Submission submission(Submission.Request request, List<Submission.Argument> arguments) {
    awaitRoom();
    ObjectEntry result = node.objects().add();
    result.whenDone((value, failure) -> room.release());
    Submission submission = new Submission(request, arguments, result);
    result.maker = submission;
    return submission;
  }

  /** Who is a task itself is not kept back: those it waits for may be behind it. */
  private void awaitRoom() {
    boolean there;
    try {
      there =
          TaskContext.current().isPresent()
              ? room.tryAcquire()
              : room.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      there = false;
    }
    if (!there) {
      throw new PartitaException(
          ErrorCode.UNAVAILABLE,
          maxPending + " calls of this pod have not ended (partita.tasks.max-pending)");
    }
  }

  private List<Submission.Argument> arguments(List<JavaType> types, List<?> given) {
    List<Submission.Argument> arguments = new ArrayList<>(given.size());
    for (int i = 0; i < types.size(); i++) {
      arguments.add(argument(types.get(i), given.get(i)));
    }
    return arguments;
  }

  private Submission.Argument argument(JavaType type, @Nullable Object given) {
    if (given instanceof ObjectRef<?> ref && !type.hasRawClass(ObjectRef.class)) {
      return object(type, ref);
    }
    References.Met<Value> written;
    try {
      written = node.refs().meeting(() -> node.values().of(given, type));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
    }
    Runnable release = released(written.value())::release;
    List<ObjectRef<?>> refs = written.refs();
    return new Submission.Argument(
        written.value(),
        null,
        type,
        () -> {
          refs.forEach(java.util.Objects::requireNonNull); // so long they are referred to
          release.run();
        });
  }

  /** An object that is put in its place before the call. */
  private Submission.Argument object(JavaType type, ObjectRef<?> ref) {
    ObjectEntry entry = ref.hold().entry;
    if (entry == null) {
      // Of another pod: asked for now, held by the reference until the call has ended.
      ObjectEntry proxy = new ObjectEntry(ref.refId());
      proxy.value = node.refs().value(ref);
      return new Submission.Argument(
          null, proxy, type, () -> java.util.Objects.requireNonNull(ref.refId()));
    }
    node.objects().hold(entry);
    return new Submission.Argument(null, entry, type, () -> node.objects().release(entry));
  }

  private Submission.Releasing released(Value value) {
    return value instanceof Value.Stored stored ? () -> node.values().delete(stored) : () -> {};
  }
}
