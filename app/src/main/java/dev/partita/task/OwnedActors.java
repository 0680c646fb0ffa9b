// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The actors that this pod owns: where each lives, its calls in their order, its last snapshot, and
 * what happens when its pod dies. Any thread; all under the lock of {@link Submissions}, which
 * sends what is decided here.
 */
final class OwnedActors {
  private final Submissions submissions;
  private final OwnedObjects objects;
  private final BiConsumer<Peer, ActorId> killer;
  private final Consumer<OwnedActor> rehome;
  private final Map<ActorId, OwnedActor> actors = new LinkedHashMap<>();
  private final Map<ActorId, OwnedActor> ofOthers = new LinkedHashMap<>();
  private long restarts;

  /**
   * None yet.
   *
   * @param killer ends an actor on a pod
   * @param rehome finds a named actor whose keeper is not known, or gone
   */
  OwnedActors(
      Submissions submissions,
      OwnedObjects objects,
      BiConsumer<Peer, ActorId> killer,
      Consumer<OwnedActor> rehome) {
    this.submissions = submissions;
    this.objects = objects;
    this.killer = killer;
    this.rehome = rehome;
    submissions.actors(
        new Submissions.ActorCalls() {
          @Override
          public boolean lost(Submission submission, Peer peer) {
            return OwnedActors.this.lost(submission);
          }

          @Override
          public void ended(Submission submission, Frame.@Nullable Failure failure) {
            OwnedActors.this.ended(submission, failure);
          }

          @Override
          public void podsChanged() {
            OwnedActors.this.podsChanged();
          }
        });
  }

  /** Begins it as soon as a pod may have it. */
  void add(OwnedActor actor) {
    submissions.locked(
        () -> {
          actors.put(actor.id, actor);
          Optional<String> problem = submissions.problem(request(actor));
          if (problem.isPresent()) {
            die(actor, Failures.of(ErrorCode.PLACEMENT_INFEASIBLE, problem.get()));
          } else {
            start(actor);
          }
        });
  }

  /** An actor of another pod, or of ours if it comes home. */
  OwnedActor of(String owner, ActorId id, ActorType type, Delivery delivery) {
    OwnedActor[] found = new OwnedActor[1];
    submissions.locked(
        () -> {
          OwnedActor own = actors.get(id);
          found[0] =
              own != null
                  ? own
                  : ofOthers.computeIfAbsent(id, i -> join(owner, id, type, delivery));
        });
    return found[0];
  }

  private OwnedActor join(String owner, ActorId id, ActorType type, Delivery delivery) {
    OwnedActor actor = OwnedActor.of(owner, id, type, delivery);
    actor.peer = submissions.peer(owner);
    actor.state = OwnedActor.State.ALIVE;
    if (actor.peer == null) {
      die(actor, ownerDied(actor));
    }
    return actor;
  }

  /** A named one, as its keeper is asked for it; the same for all references of this pod. */
  OwnedActor named(String keeper, ActorId id, ActorType type, ActorOptions options) {
    OwnedActor[] found = new OwnedActor[1];
    submissions.locked(
        () -> {
          OwnedActor known = ofOthers.get(id);
          if (known == null || known.state == OwnedActor.State.DEAD) {
            known = OwnedActor.named(keeper, id, type, options);
            known.state = OwnedActor.State.RESTARTING;
            ofOthers.put(id, known);
            OwnedActor made = known;
            submissions.later(() -> rehome.accept(made));
          }
          found[0] = known;
        });
    return found[0];
  }

  /** Its calls go there from now on; false if there is no way to that pod (yet). */
  boolean moved(OwnedActor actor, String keeper) {
    boolean[] there = new boolean[1];
    submissions.locked(
        () -> {
          Peer peer = submissions.peer(keeper);
          if (peer != null && actor.state != OwnedActor.State.DEAD) {
            actor.owner = keeper;
            actor.peer = peer;
            actor.state = OwnedActor.State.ALIVE;
            pump(actor);
          }
          there[0] = peer != null;
        });
    return there[0];
  }

  private static Frame.Failure ownerDied(OwnedActor actor) {
    return Failures.of(
        ErrorCode.OWNER_DIED,
        "actor " + actor.label() + ": pod " + actor.owner + ", which owns it, is gone");
  }

  private static Submission.Request request(OwnedActor actor) {
    ActorOptions options = actor.options;
    return new Submission.Request(
        Call.Kind.ACTOR_START,
        actor.type.name(),
        actor.label(),
        null,
        options.resources(),
        options.where(),
        TaskOptions.Retries.DEFAULT,
        Duration.ZERO,
        0,
        options.bundle());
  }

  private void start(OwnedActor actor) {
    List<Submission.Argument> arguments = new ArrayList<>(actor.start);
    Value snapshot = actor.snapshot;
    if (snapshot != null) {
      arguments.add(new Submission.Argument(snapshot, null, null, () -> {}));
    }
    ObjectEntry result = objects.add();
    Submission start = new Submission(request(actor), arguments, result);
    Peer peer = choose(actor, start);
    if (peer == null) {
      objects.release(result);
      return; // podsChanged comes again
    }
    start.actor = new Submission.ActorCall(actor, Delivery.AT_LEAST_ONCE, 0, 0);
    actor.generation++;
    actor.peer = peer;
    if (actor.state != OwnedActor.State.RESTARTING) {
      actor.state = OwnedActor.State.STARTING;
    }
    submissions.open(start);
    submissions.send(peer, start);
    pump(actor);
  }

  /** The pod with the fewest of our actors, of those that may have it. */
  private @Nullable Peer choose(OwnedActor actor, Submission start) {
    if (actor.options.bundle() != null) {
      return submissions.kept(start);
    }
    Peer best = null;
    long fewest = Long.MAX_VALUE;
    for (Peer peer : submissions.able(start.request)) {
      long there = actors.values().stream().filter(other -> other.peer == peer).count();
      if (there < fewest) {
        fewest = there;
        best = peer;
      }
    }
    return best;
  }

  // ---- calls

  /** Queues a call; it is sent in its turn. */
  void call(OwnedActor actor, Submission submission, Delivery delivery) {
    call(actor, submission, delivery, objects.owner(), 0);
  }

  /**
   * Queues a call of another pod's.
   *
   * @param caller who made it, for ever
   * @param sequence of that caller's calls; 0: the next
   */
  void call(
      OwnedActor actor, Submission submission, Delivery delivery, long caller, long sequence) {
    submissions.locked(
        () -> {
          actor.sequence++;
          submission.actor =
              new Submission.ActorCall(
                  actor, delivery, caller, sequence == 0 ? actor.sequence : sequence);
          submissions.open(submission);
          if (actor.state == OwnedActor.State.DEAD) {
            submissions.fail(submission, Objects.requireNonNull(actor.death));
          } else {
            actor.queue.add(submission);
          }
        });
    submissions.whenReady(
        submission,
        () ->
            submissions.locked(
                () -> {
                  submission.ready = true;
                  pump(actor);
                }));
  }

  private void pump(OwnedActor actor) {
    Peer peer = actor.peer;
    while (peer != null && !peer.over && !actor.queue.isEmpty()) {
      Submission next = actor.queue.peek();
      if (next.state.ended()) {
        actor.queue.remove();
      } else if (!next.ready || actor.underWay.size() >= actor.window(next)) {
        return;
      } else {
        actor.queue.remove();
        actor.underWay.add(next);
        submissions.send(peer, next);
      }
    }
  }

  private void ended(Submission submission, Frame.@Nullable Failure failure) {
    OwnedActor actor = Objects.requireNonNull(submission.actor).target();
    if (submission.request.kind() == Call.Kind.ACTOR_START) {
      objects.release(submission.result);
      if (failure != null) {
        die(actor, failure);
      } else if (actor.state != OwnedActor.State.DEAD) {
        actor.state = OwnedActor.State.ALIVE;
      }
    } else {
      actor.underWay.remove(submission);
      actor.queue.remove(submission);
    }
    pump(actor);
    endIfIdle(actor);
  }

  // ---- deaths

  /** Its pod died: whether it is made again. Called for the last that was sent first. */
  private boolean lost(Submission submission) {
    OwnedActor actor = Objects.requireNonNull(submission.actor).target();
    if (submission.request.kind() == Call.Kind.ACTOR_START) {
      submissions.close(submission);
      objects.release(submission.result);
      return true;
    }
    actor.underWay.remove(submission);
    if (actor.owner != null && !actor.named) {
      submissions.fail(submission, ownerDied(actor));
      return true;
    }
    if (submission.delivery() == Delivery.AT_MOST_ONCE || !mayRestart(actor)) {
      return false;
    }
    submission.state = Submission.State.WAITING;
    submission.peer = null;
    actor.queue.addFirst(submission);
    return true;
  }

  private static boolean mayRestart(OwnedActor actor) {
    int most = actor.options.maxRestarts();
    return actor.state != OwnedActor.State.DEAD && (most < 0 || actor.restarts < most);
  }

  private void podsChanged() {
    for (OwnedActor actor : List.copyOf(ofOthers.values())) {
      Peer owner = actor.peer;
      if (actor.named && owner != null && owner.over) {
        actor.peer = null;
        actor.state = OwnedActor.State.RESTARTING;
        submissions.later(() -> rehome.accept(actor));
      } else if (!actor.named && (owner == null || owner.over)) {
        ofOthers.remove(actor.id);
        die(actor, ownerDied(actor));
      }
    }
    for (OwnedActor actor : List.copyOf(actors.values())) {
      Peer peer = actor.peer;
      if (actor.state == OwnedActor.State.DEAD || (peer != null && !peer.over)) {
        continue;
      }
      if (peer == null) {
        start(actor);
      } else if (mayRestart(actor)) {
        actor.restarts++;
        restarts++;
        actor.state = OwnedActor.State.RESTARTING;
        actor.peer = null;
        start(actor);
      } else {
        die(
            actor,
            Failures.of(
                ErrorCode.ACTOR_DIED,
                "actor "
                    + actor.label()
                    + ": pod "
                    + peer.holder
                    + " is gone, and its "
                    + actor.restarts
                    + " restarts are used up"));
      }
    }
  }

  private void die(OwnedActor actor, Frame.Failure why) {
    if (actor.state == OwnedActor.State.DEAD) {
      return;
    }
    actor.state = OwnedActor.State.DEAD;
    actor.death = why;
    List<Submission> left = new ArrayList<>(actor.underWay);
    left.addAll(actor.queue);
    actor.queue.clear();
    left.forEach(submission -> submissions.fail(submission, why));
    submissions.later(() -> actor.start.forEach(argument -> argument.held().release()));
    submissions.later(() -> forgetLater(actor));
  }

  /** Dead ones are shown for a while. */
  private void forgetLater(OwnedActor dead) {
    submissions.locked(
        () -> {
          long shown =
              actors.values().stream().filter(a -> a.state == OwnedActor.State.DEAD).count();
          for (OwnedActor actor : List.copyOf(actors.values())) {
            if (shown > 1_000 && actor.state == OwnedActor.State.DEAD && actor != dead) {
              actors.remove(actor.id);
              shown--;
            }
          }
        });
  }

  /** Ends it; its calls fail, and it is not restarted. */
  void kill(OwnedActor actor, String why) {
    submissions.locked(
        () -> {
          Peer peer = actor.peer;
          if (actor.state != OwnedActor.State.DEAD && peer != null) {
            submissions.later(() -> killer.accept(peer, actor.id));
          }
          die(actor, Failures.of(ErrorCode.ACTOR_DIED, "actor " + actor.label() + " " + why));
        });
  }

  /** Nobody can call it any more. */
  void endWhenIdle(OwnedActor actor) {
    submissions.locked(
        () -> {
          actor.abandoned = actor.owner == null;
          endIfIdle(actor);
        });
  }

  private void endIfIdle(OwnedActor actor) {
    if (actor.abandoned && actor.load() == 0) {
      submissions.later(() -> kill(actor, "has nobody who refers to it"));
    }
  }

  /** A snapshot came; one of a former life counts no more. */
  void save(ActorId id, int generation, Value state) {
    OwnedActor known = find(id);
    OwnedActor.Saver saver = known == null || known.generation != generation ? null : known.saver;
    if (known != null && saver != null && !saved(saver, state)) {
      kill(known, "has another keeper by now, or its state could not be saved");
      return;
    }
    submissions.locked(
        () -> {
          OwnedActor actor = actors.get(id);
          if (actor != null && actor.generation == generation) {
            actor.snapshot = state;
          }
        });
  }

  private static boolean saved(OwnedActor.Saver saver, Value state) {
    try {
      return saver.save(((Value.Inline) state).bytes());
    } catch (PartitaException e) {
      return false;
    }
  }

  // ---- for people

  @Nullable OwnedActor find(ActorId id) {
    OwnedActor[] found = new OwnedActor[1];
    submissions.locked(() -> found[0] = actors.get(id));
    return found[0];
  }

  /** Of all that there ever were. */
  long restarts() {
    long[] found = new long[1];
    submissions.locked(() -> found[0] = restarts);
    return found[0];
  }

  List<OwnedActor> all() {
    List<OwnedActor> all = new ArrayList<>();
    submissions.locked(() -> all.addAll(actors.values()));
    return all;
  }
}
