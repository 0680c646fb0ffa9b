// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.PlacementGroup;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All pods, as one place to run things on. Inject it into a bean, or get it from a test's own.
 *
 * <pre>{@code
 * ObjectRef<Long> words = cluster.submit(Texts::count, "to be or not to be");
 * words.get(); // 6
 * }</pre>
 *
 * <p>What goes over the wire, as argument or result: primitives, strings, enums, records and lists,
 * sets and maps of these; times of {@code java.time}; {@code byte[]} and {@link
 * java.nio.ByteBuffer}, which is read where it lies; {@link ObjectRef}s. A type is what the method
 * declares. Arguments are copied: nobody sees a later change.
 *
 * <p>Tasks and actors belong to the pod that asked for them, and end with it. What is to last is a
 * job.
 */
public class Cluster {
  private TaskNode node;
  private Calls calls;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected Cluster() {}

  Cluster(TaskNode node, Calls calls) {
    this.node = node;
    this.calls = calls;
  }

  TaskNode node() {
    return node;
  }

  Calls calls() {
    return calls;
  }

  // ---- tasks

  /** Runs a method of a bean on some pod; returns at once. See {@link Task}. */
  public <B, R> ObjectRef<R> submit(Remote.Method0<B, R> task) {
    return submit(TaskOptions.DEFAULT, task);
  }

  public <B, R> ObjectRef<R> submit(TaskOptions options, Remote.Method0<B, R> task) {
    return send(options, task);
  }

  public <B, A, R> ObjectRef<R> submit(Remote.Method1<B, A, R> task, A argument) {
    return submit(TaskOptions.DEFAULT, task, argument);
  }

  public <B, A, R> ObjectRef<R> submit(
      TaskOptions options, Remote.Method1<B, A, R> task, A argument) {
    return send(options, task, argument);
  }

  /** With an object that is put in its place before the task begins, on a pod near it. */
  public <B, A, R> ObjectRef<R> submit(Remote.Method1<B, A, R> task, ObjectRef<A> argument) {
    return submit(TaskOptions.DEFAULT, task, argument);
  }

  public <B, A, R> ObjectRef<R> submit(
      TaskOptions options, Remote.Method1<B, A, R> task, ObjectRef<A> argument) {
    return send(options, task, argument);
  }

  public <B, A1, A2, R> ObjectRef<R> submit(
      Remote.Method2<B, A1, A2, R> task, A1 first, A2 second) {
    return submit(TaskOptions.DEFAULT, task, first, second);
  }

  public <B, A1, A2, R> ObjectRef<R> submit(
      TaskOptions options, Remote.Method2<B, A1, A2, R> task, A1 first, A2 second) {
    return send(options, task, first, second);
  }

  private <R> ObjectRef<R> send(
      TaskOptions options, Serializable task, @Nullable Object... arguments) {
    RemoteMethod method = node.registry().task(task);
    return node.refs().own(calls.task(method, options, Arrays.asList(arguments)), method.result());
  }

  // ---- actors

  /** Begins an actor; returns at once. See {@link Actor}. */
  public <A> ActorRef<A> actor(Class<A> type) {
    return actor(type, ActorOptions.DEFAULT);
  }

  public <A> ActorRef<A> actor(Class<A> type, ActorOptions options) {
    return replicas(1, type, options, null);
  }

  /** Begins an actor with what its {@link Starting#start} is told. */
  public <S, A extends Starting<S>> ActorRef<A> actor(
      Class<A> type, ActorOptions options, S argument) {
    return replicas(1, type, options, argument);
  }

  /** Begins several that are alike, and are called as one. */
  public <A> ActorRef<A> replicas(int count, Class<A> type, ActorOptions options) {
    return replicas(count, type, options, null);
  }

  /** With what the {@link Starting#start} of each is told. */
  public <A> ActorRef<A> replicas(
      int count, Class<A> type, ActorOptions options, @Nullable Object argument) {
    if (count < 1) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "there is at least one replica, not " + count);
    }
    ActorType known = node.registry().actor(type);
    List<OwnedActor> replicas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replicas.add(calls.actor(known, options, argument));
    }
    return ActorRef.first(node, calls, known, List.copyOf(replicas));
  }

  /**
   * The actor of that name, wherever it lives; begins it if there is none. It outlives the pod that
   * began it: when its keeper is gone, the next call to it has it begin again from what it last
   * saved. It ends by {@link #end}, not when a reference is closed.
   */
  public <A> ActorRef<A> named(String name, Class<A> type, ActorOptions options) {
    return named(name, type, options, null);
  }

  /** With what its {@link Starting#start} is told, if it has to begin. */
  public <A> ActorRef<A> named(
      String name, Class<A> type, ActorOptions options, @Nullable Object argument) {
    ActorType known = node.registry().actor(type);
    return ActorRef.read(
        node, known, List.of(node.named().get(name, known, options, argument)), options.delivery());
  }

  /** Ends the actor of that name, for all; nothing happens if there is none. */
  public void end(String name) {
    node.named().end(name);
  }

  // ---- objects

  /**
   * Keeps a value in the object store for others to use. Its type is its class: of lists and maps
   * the {@link #put(Object, Type) other form} has to be told what is in them.
   */
  public <T> ObjectRef<T> put(T value) {
    return put(
        value, value instanceof java.nio.ByteBuffer ? java.nio.ByteBuffer.class : value.getClass());
  }

  public <T> ObjectRef<T> put(T value, Type type) {
    var known = node.codec().type(type);
    References.Met<Value> written;
    try {
      written = node.refs().meeting(() -> node.values().outgoing(value, known));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
    }
    ObjectEntry entry = node.objects().add();
    List<ObjectRef<?>> inside = written.refs();
    entry.settle = () -> inside.forEach(java.util.Objects::requireNonNull);
    entry.value.complete(written.value());
    return node.refs().own(entry, known);
  }

  /**
   * Waits until so many of these are there, or for so long.
   *
   * @return those that are, in their order; perhaps more than {@code needed}
   */
  public <T> List<ObjectRef<T>> await(List<ObjectRef<T>> refs, int needed, Duration timeout) {
    if (needed < 0 || needed > refs.size()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, needed + " of " + refs.size() + " cannot be waited for");
    }
    CountDownLatch missing = new CountDownLatch(needed);
    for (ObjectRef<T> ref : refs) {
      if (missing.getCount() == 0) {
        break;
      }
      var unused = node.refs().value(ref).whenComplete((value, failure) -> missing.countDown());
    }
    if (missing.getCount() > 0) {
      TaskContext.waiting();
      try {
        // Whether in time or not: what is there is told.
        boolean inTime = missing.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        assert inTime || missing.getCount() > 0;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
      } finally {
        TaskContext.goesOn();
      }
    }
    return refs.stream().filter(ObjectRef::isDone).toList();
  }

  // ---- placement groups

  /**
   * Keeps all bundles on pods, or none; waits until there is room.
   *
   * @throws PartitaException PLACEMENT_INFEASIBLE at once if there never is; TIMEOUT
   */
  public PlacementGroupRef reserve(PlacementGroup group, Duration timeout) {
    return node.groups().reserve(group, timeout);
  }
}
