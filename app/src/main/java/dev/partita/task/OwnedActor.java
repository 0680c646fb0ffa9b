// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An actor that this pod owns, wherever it lives, or one of another pod, to which its calls go.
 * State belongs to {@link OwnedActors}.
 */
final class OwnedActor {
  /** Calls with {@link Delivery#EXACTLY_ONCE} that may be under way: so many answers are saved. */
  static final int EXACTLY_ONCE_WINDOW = 64;

  private static final int WINDOW = 1_000;

  /** Where it is in its life. */
  enum State {
    /** No pod has room, or none of those that may. */
    PENDING,
    STARTING,
    ALIVE,
    /** Its pod died; as STARTING or PENDING, with its last snapshot. */
    RESTARTING,
    DEAD
  }

  final ActorId id;
  final ActorType type;
  final ActorOptions options;
  final List<Submission.Argument> start;

  /** The life of the pod that owns it; null: this one does. Of a named one it may change. */
  volatile @Nullable String owner;

  /** Called by its name, which outlives its owner. */
  final boolean named;

  /** Keeps what it saves where that outlives this pod; null: it is kept here. */
  @Nullable Saver saver;

  /** Keeps a state before answers are given; false if they must not be. */
  interface Saver {
    boolean save(byte[] state);
  }

  final long createdMillis = System.currentTimeMillis();

  State state = State.PENDING;
  int generation;
  int restarts;
  @Nullable Peer peer;
  @Nullable Value snapshot;
  Frame.@Nullable Failure death;

  /** Not sent yet, in order. */
  final Deque<Submission> queue = new ArrayDeque<>();

  /** Sent and not answered. */
  final Set<Submission> underWay = new LinkedHashSet<>();

  long sequence;

  /** Nobody refers to it: it ends when its calls have. */
  boolean abandoned;

  OwnedActor(ActorId id, ActorType type, ActorOptions options, List<Submission.Argument> start) {
    this(id, type, options, start, null, false);
  }

  private OwnedActor(
      ActorId id,
      ActorType type,
      ActorOptions options,
      List<Submission.Argument> start,
      @Nullable String owner,
      boolean named) {
    this.id = id;
    this.type = type;
    this.options = options;
    this.start = start;
    this.owner = owner;
    this.named = named;
  }

  /** One that another pod owns. */
  static OwnedActor of(String owner, ActorId id, ActorType type, Delivery delivery) {
    return new OwnedActor(
        id, type, ActorOptions.DEFAULT.withDelivery(delivery), List.of(), owner, false);
  }

  /** One that is called by its name. */
  static OwnedActor named(String owner, ActorId id, ActorType type, ActorOptions options) {
    return new OwnedActor(id, type, options, List.of(), owner, true);
  }

  String label() {
    return options.name().isEmpty() ? type.name() : options.name();
  }

  /** Calls that wait or run. */
  int load() {
    return queue.size() + underWay.size();
  }

  /** How many calls may be under way: its mailbox never has to refuse one. */
  int window(Submission next) {
    int most = Math.min(WINDOW, options.limits().mailbox());
    return next.delivery() == Delivery.EXACTLY_ONCE ? Math.min(most, EXACTLY_ONCE_WINDOW) : most;
  }
}
