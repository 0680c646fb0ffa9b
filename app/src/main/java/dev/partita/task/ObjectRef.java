// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An object that is there or will be, on some pod: what a task returned, or what was put. It may be
 * an argument, or part of one, of other calls on any pod. It is kept while anybody refers to it; a
 * reference is let go of when it is closed, or garbage. Any thread.
 *
 * @param <T> what it is
 */
public final class ObjectRef<T> implements AutoCloseable {
  private final RefId id;
  private final String owner;
  private final JavaType type;
  private final References references;
  private final Hold hold;

  /** Where an object of another pod is, once its owner was asked. */
  private @Nullable CompletableFuture<Value> asked;

  /** What a reference has of its object; outlives the reference. */
  static final class Hold implements Runnable {
    /** Null if another pod owns the object. */
    final @Nullable ObjectEntry entry;

    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();

    Hold(@Nullable ObjectEntry entry, Runnable release) {
      this.entry = entry;
      this.release = release;
    }

    @Override
    public void run() {
      if (!released.getAndSet(true)) {
        release.run();
      }
    }

    boolean released() {
      return released.get();
    }
  }

  ObjectRef(RefId id, String owner, JavaType type, References references, Hold hold) {
    this.id = id;
    this.owner = owner;
    this.type = type;
    this.references = references;
    this.hold = hold;
  }

  /** Names the object for ever. */
  public String id() {
    return id.toString();
  }

  RefId refId() {
    return id;
  }

  /** The pod's life that owns it. */
  String owner() {
    return owner;
  }

  JavaType type() {
    return type;
  }

  Hold hold() {
    return hold;
  }

  /** Asks the owner, the first time. */
  synchronized CompletableFuture<Value> asked(Supplier<CompletableFuture<Value>> question) {
    CompletableFuture<Value> known = asked;
    if (known == null) {
      known = question.get();
      asked = known;
    }
    return known;
  }

  /**
   * The object; waits for it. In a task the processor is lent to others meanwhile.
   *
   * @throws TaskFailure what the task that makes it failed with
   * @throws dev.partita.error.PartitaException OBJECT_LOST, OWNER_DIED; CANCELLED if this thread is
   *     interrupted
   */
  public T get() {
    return references.get(this, null);
  }

  /**
   * As {@link #get()}, for so long at most.
   *
   * @throws dev.partita.error.PartitaException TIMEOUT; the call goes on, another get may follow
   */
  public T get(Duration timeout) {
    return references.get(this, timeout);
  }

  /** Whether {@link #get} would return or throw at once, as far as is known here. */
  public boolean isDone() {
    return references.isDone(this);
  }

  /** Ends when the object is there; on any thread, which must not be kept waiting. */
  public CompletionStage<T> whenDone() {
    return references.whenDone(this);
  }

  /**
   * Asks the call that makes it to end: one that runs is interrupted, and {@link
   * TaskContext#cancelled} tells it. The reference fails with CANCELLED at once. Nothing happens if
   * it has ended, or belongs to another pod.
   */
  public void cancel() {
    references.cancel(this);
  }

  /** Lets go of the object; this reference is of no use any more. */
  @Override
  public void close() {
    hold.run();
  }

  @Override
  public String toString() {
    return "ObjectRef " + id;
  }
}
