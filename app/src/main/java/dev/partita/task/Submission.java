// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.scheduling.Resources;
import dev.partita.scheduling.Where;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A call that this pod owns, from its submission to its end. State belongs to {@link Submissions}.
 */
final class Submission {
  /** Where it is. */
  enum State {
    /** For objects that are its arguments. */
    WAITING_FOR_ARGUMENTS,
    /** For a pod with room. */
    WAITING,
    /** Sent to a pod. */
    RUNNING,
    /** For its next attempt. */
    BACKING_OFF,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    boolean ended() {
      return compareTo(SUCCEEDED) >= 0;
    }
  }

  /**
   * What is asked for.
   *
   * @param method null where an actor is begun
   */
  record Request(
      Call.Kind kind,
      String name,
      String label,
      @Nullable RemoteMethod method,
      Resources resources,
      Where where,
      TaskOptions.Retries retries,
      Duration timeout,
      int priority,
      PlacementGroupRef.@Nullable Part bundle) {}

  /**
   * An argument: known, or an object that is waited for and held on to.
   *
   * @param value null for an object
   * @param type as the method declares it; null for what is not of a method
   */
  record Argument(
      @Nullable Value value,
      @Nullable ObjectEntry object,
      @Nullable JavaType type,
      Releasing held) {}

  /** Lets go of what was held on to for the time of a call. */
  interface Releasing {
    void release();
  }

  final Request request;

  /** Empty when it will not run again. */
  volatile List<Argument> arguments;

  final ObjectEntry result;
  final long submittedNanos = System.nanoTime();
  final long submittedMillis = System.currentTimeMillis();

  State state = State.WAITING_FOR_ARGUMENTS;

  /** The call to an actor, or what begins one. */
  @Nullable ActorCall actor;

  /** Its part in an actor's life. */
  record ActorCall(OwnedActor target, Delivery delivery, long caller, long sequence) {}

  int attempt;
  @Nullable Peer peer;
  long number;
  long sentNanos;
  long endedNanos;
  boolean cancelled;

  /** Its arguments are there. */
  boolean ready;

  @Nullable Future<?> alarm;
  private boolean letGo;

  Submission(Request request, List<Argument> arguments, ObjectEntry result) {
    this.request = request;
    this.arguments = arguments;
    this.result = result;
  }

  /** Of a call to an actor. */
  Delivery delivery() {
    return actor == null ? Delivery.AT_LEAST_ONCE : actor.delivery();
  }

  /** It will not run again: what it held on to for that may go. Any thread. */
  void letGo() {
    synchronized (this) {
      if (letGo) {
        return;
      }
      letGo = true;
    }
    List<Argument> held = arguments;
    arguments = List.of();
    held.forEach(argument -> argument.held().release());
  }
}
