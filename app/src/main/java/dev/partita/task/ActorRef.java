// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An actor, or replicas of one: a call goes to the replica that has least to do. Calls of one
 * thread to one actor begin in their order. Lives until it is closed, or its pod of birth ends, or
 * nobody on that refers to it any more and its calls have ended. May go to other pods, in an
 * argument or a result: calls made there go by the pod that owns it. Any thread.
 *
 * @param <A> the actor's class
 */
public final class ActorRef<A> implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final TaskNode node;
  private final Calls calls;
  private final ActorType type;
  private final List<OwnedActor> replicas;
  private final @Nullable Delivery delivery;

  /** All references to the same actors have it in common; when it is garbage, they all are. */
  private final Object common;

  ActorRef(
      TaskNode node,
      Calls calls,
      ActorType type,
      List<OwnedActor> replicas,
      @Nullable Delivery delivery,
      Object common) {
    this.node = node;
    this.calls = calls;
    this.type = type;
    this.replicas = replicas;
    this.delivery = delivery;
    this.common = common;
  }

  /** The first reference to actors that were just begun. */
  static <A> ActorRef<A> first(
      TaskNode node, Calls calls, ActorType type, List<OwnedActor> replicas) {
    Object common = new Object();
    OwnedActors actors = node.actors();
    CLEANER.register(common, () -> replicas.forEach(actors::endWhenIdle));
    return new ActorRef<>(node, calls, type, replicas, null, common);
  }

  /** Names the actors for ever, one for each replica. */
  public List<String> ids() {
    return replicas.stream().map(actor -> actor.id.toString()).toList();
  }

  /** One that was read. */
  static <A> ActorRef<A> read(
      TaskNode node, ActorType type, List<OwnedActor> replicas, Delivery delivery) {
    return new ActorRef<>(node, node.calls(), type, replicas, delivery, node);
  }

  List<OwnedActor> replicas() {
    return replicas;
  }

  ActorType type() {
    return type;
  }

  /** What is promised where a call does not say. */
  Delivery delivery() {
    return delivery == null ? replicas.get(0).options.delivery() : delivery;
  }

  /** The same actors, called with another promise. */
  public ActorRef<A> with(Delivery promise) {
    return new ActorRef<>(node, calls, type, replicas, promise, common);
  }

  public <R> ObjectRef<R> call(Remote.Method0<A, R> method) {
    return send(method);
  }

  public <A1, R> ObjectRef<R> call(Remote.Method1<A, A1, R> method, A1 argument) {
    return send(method, argument);
  }

  /** With an object that is put in its place before the call. */
  public <A1, R> ObjectRef<R> call(Remote.Method1<A, A1, R> method, ObjectRef<A1> argument) {
    return send(method, argument);
  }

  public <A1, A2, R> ObjectRef<R> call(Remote.Method2<A, A1, A2, R> method, A1 first, A2 second) {
    return send(method, first, second);
  }

  private <R> ObjectRef<R> send(Serializable reference, @Nullable Object... arguments) {
    RemoteMethod method = node.registry().method(type, reference);
    return send(method, Arrays.asList(arguments));
  }

  private <R> ObjectRef<R> send(RemoteMethod method, List<?> arguments) {
    OwnedActor actor = leastLoaded();
    Delivery promise = delivery == null ? actor.options.delivery() : delivery;
    return node.refs().own(calls.call(actor, method, promise, arguments), method.result());
  }

  private OwnedActor leastLoaded() {
    return replicas.size() == 1
        ? replicas.get(0)
        : replicas.stream()
            .filter(actor -> actor.state != OwnedActor.State.DEAD)
            .min(Comparator.comparingInt(OwnedActor::load))
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.ACTOR_DIED, "all replicas of " + type.name() + " are gone"));
  }

  /**
   * Ends the actors; calls that have not ended fail with ACTOR_DIED. Those of another pod, whose
   * reference came as an argument or result, live on.
   */
  @Override
  public void close() {
    replicas.stream()
        .filter(actor -> actor.owner == null)
        .forEach(actor -> node.actors().kill(actor, "was ended"));
  }
}
