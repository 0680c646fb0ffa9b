// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.cluster.PodSession;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The references of this pod, to its own objects and to those of others. Who is sent a reference
 * tells the owner that it holds on to the object, before it does anything with it; until then the
 * sender holds on. Any thread.
 */
final class References {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Duration OWNER_ANSWERS = Duration.ofSeconds(30);

  /** What was met while values of this thread were written or read; null: nobody wants to know. */
  private static final ThreadLocal<@Nullable List<ObjectRef<?>>> MET = new ThreadLocal<>();

  private final OwnedObjects objects;
  private final Supplier<String> holder;
  private final Function<String, @Nullable PodSession> sessions;
  private final Executor threads;
  private final AtomicLong numbers;
  private final Map<Long, CompletableFuture<Value>> asked = new ConcurrentHashMap<>();
  private final Map<Long, String> askedOf = new ConcurrentHashMap<>();
  private @Nullable Values values;
  private @Nullable Submissions submissions;

  References(
      OwnedObjects objects,
      Supplier<String> holder,
      Function<String, @Nullable PodSession> sessions,
      Executor threads,
      AtomicLong numbers) {
    this.objects = objects;
    this.holder = holder;
    this.sessions = sessions;
    this.threads = threads;
    this.numbers = numbers;
  }

  /** Called once: these know each other. */
  void with(Values valuesOfPod, Submissions submissionsOfPod) {
    values = valuesOfPod;
    submissions = submissionsOfPod;
  }

  // ---- made and met

  /** A reference to an object of our own; takes over one hold of it. */
  <T> ObjectRef<T> own(ObjectEntry entry, JavaType type) {
    ObjectRef.Hold hold = new ObjectRef.Hold(entry, () -> objects.release(entry));
    ObjectRef<T> ref = new ObjectRef<>(entry.id, holder.get(), type, this, hold);
    CLEANER.register(ref, hold);
    return ref;
  }

  /** One that was read: to an object of our own, or of another pod. */
  ObjectRef<?> read(RefId id, String owner, JavaType type) {
    ObjectRef<?> ref;
    if (objects.owns(id)) {
      ObjectEntry entry = objects.find(id);
      objects.hold(entry);
      ref = own(entry, type);
    } else {
      ObjectRef.Hold hold = new ObjectRef.Hold(null, () -> giveBack(id, owner));
      ref = new ObjectRef<>(id, owner, type, this, hold);
      CLEANER.register(ref, hold);
    }
    met(ref);
    return ref;
  }

  /** One is written or was read on this thread. */
  void met(ObjectRef<?> ref) {
    List<ObjectRef<?>> all = MET.get();
    if (all != null) {
      all.add(ref);
    }
  }

  /** A value, and the references that were met on the way to it. */
  record Met<V>(V value, List<ObjectRef<?>> refs) {}

  /** Something that reads or writes values. */
  interface Step<V> {
    V run() throws InterruptedException;
  }

  <V> Met<V> meeting(Step<V> step) throws InterruptedException {
    List<ObjectRef<?>> refs = new ArrayList<>(0);
    MET.set(refs);
    try {
      return new Met<>(step.run(), refs);
    } finally {
      MET.remove();
    }
  }

  /**
   * Tells the owners that we hold on to these; returns when they know.
   *
   * @throws PartitaException OWNER_DIED
   */
  void borrow(List<ObjectRef<?>> refs) throws InterruptedException {
    Map<String, List<RefId>> byOwner = new HashMap<>();
    for (ObjectRef<?> ref : refs) {
      if (!objects.owns(ref.refId())) {
        byOwner.computeIfAbsent(ref.owner(), o -> new ArrayList<>()).add(ref.refId());
      }
    }
    for (Map.Entry<String, List<RefId>> owner : byOwner.entrySet()) {
      await(
          ask(owner.getKey(), number -> new Frame.Borrow(number, owner.getValue())), OWNER_ANSWERS);
    }
  }

  private void giveBack(RefId id, String owner) {
    PodSession session = sessions.apply(owner);
    if (session != null) {
      session.send(FrameCodec.write(new Frame.Return(List.of(id))));
    }
  }

  private CompletableFuture<Value> ask(String owner, Function<Long, Frame> question) {
    CompletableFuture<Value> answer = new CompletableFuture<>();
    PodSession session = sessions.apply(owner);
    if (session == null) {
      answer.completeExceptionally(ownerDied(owner, "it is no member"));
      return answer;
    }
    long number = numbers.incrementAndGet();
    asked.put(number, answer);
    askedOf.put(number, owner);
    session.send(FrameCodec.write(question.apply(number)));
    return answer;
  }

  private static TaskFailure ownerDied(String owner, String why) {
    return new TaskFailure(
        Failures.of(
            ErrorCode.OWNER_DIED, "pod " + owner + ", which owned the object, is gone: " + why));
  }

  /** An owner answered; false if it was not asked by us. */
  boolean answered(long number, @Nullable Value value, Frame.@Nullable Failure failure) {
    CompletableFuture<Value> answer = asked.remove(number);
    askedOf.remove(number);
    if (answer == null) {
      return false;
    }
    if (failure != null) {
      answer.completeExceptionally(new TaskFailure(failure));
    } else {
      answer.complete(value);
    }
    return true;
  }

  /** A pod is gone, and with it what it owned. */
  void gone(String peer, String why) {
    askedOf.forEach(
        (number, owner) -> {
          if (owner.equals(peer)) {
            CompletableFuture<Value> answer = asked.remove(number);
            askedOf.remove(number);
            if (answer != null) {
              answer.completeExceptionally(ownerDied(peer, why));
            }
          }
        });
  }

  // ---- used

  /** Where the object is, when it is there. */
  CompletableFuture<Value> value(ObjectRef<?> ref) {
    if (ref.hold().released()) {
      throw new PartitaException(ErrorCode.CONFLICT, ref + " was closed");
    }
    ObjectEntry entry = ref.hold().entry;
    return entry != null
        ? entry.value
        : ref.asked(() -> ask(ref.owner(), number -> new Frame.Ask(number, ref.refId())));
  }

  <T> T get(ObjectRef<T> ref, @Nullable Duration timeout) {
    CompletableFuture<Value> value = value(ref);
    boolean waits = !value.isDone();
    if (waits) {
      TaskContext.waiting();
    }
    try {
      return object(ref, await(value, timeout));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.CANCELLED, "interrupted while it waited for " + ref, e);
    } finally {
      if (waits) {
        TaskContext.goesOn();
      }
    }
  }

  private static Value await(CompletableFuture<Value> value, @Nullable Duration timeout)
      throws InterruptedException {
    try {
      return timeout == null ? value.get() : value.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TaskFailure failure) {
        throw failure;
      }
      throw new PartitaException(ErrorCode.INTERNAL, String.valueOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new PartitaException(ErrorCode.TIMEOUT, "it was not there within " + timeout, e);
    }
  }

  // The method that made it declares the type, and whether it may be null.
  @SuppressWarnings({"unchecked", "NullAway"})
  private <T> T object(ObjectRef<T> ref, Value value) throws InterruptedException {
    try {
      Met<@Nullable Object> read =
          meeting(() -> java.util.Objects.requireNonNull(values).object(value, ref.type()));
      borrow(read.refs());
      return (T) read.value();
    } catch (PartitaException e) {
      if (e.code() == ErrorCode.OBJECT_LOST && rebuild(ref, value)) {
        return object(ref, await(value(ref), null));
      }
      throw e;
    }
  }

  /** Whether the task that made it runs again, or has. */
  private boolean rebuild(ObjectRef<?> ref, Value lost) {
    ObjectEntry entry = ref.hold().entry;
    if (entry == null || !(lost instanceof Value.Stored)) {
      return false;
    }
    Submission lineage;
    synchronized (entry) {
      if (entry.value.getNow(null) != lost) {
        return true; // somebody else was here before
      }
      lineage = entry.lineage;
      if (lineage == null) {
        return false;
      }
      entry.value = new CompletableFuture<>();
    }
    if (java.util.Objects.requireNonNull(submissions).runAgain(lineage)) {
      return true;
    }
    entry.value.completeExceptionally(
        new TaskFailure(
            Failures.of(
                ErrorCode.OBJECT_LOST, ref + " is lost, and its task's retries are used up")));
    return true;
  }

  boolean isDone(ObjectRef<?> ref) {
    ObjectEntry entry = ref.hold().entry;
    return entry == null ? value(ref).isDone() : entry.value.isDone();
  }

  <T> CompletionStage<T> whenDone(ObjectRef<T> ref) {
    return value(ref)
        .thenApplyAsync(
            value -> {
              try {
                return object(ref, value);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
              }
            },
            threads);
  }

  void cancel(ObjectRef<?> ref) {
    ObjectEntry entry = ref.hold().entry;
    Submission maker = entry == null ? null : entry.maker;
    if (maker != null) {
      java.util.Objects.requireNonNull(submissions).cancel(maker);
    }
  }
}
