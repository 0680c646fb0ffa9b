// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.ResourceLedger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that this pod owns: gives each to a pod, and again to another when that one dies. A pod
 * gets as much as keeps it busy for some milliseconds; what is above waits here, so that whichever
 * pod is first to have room takes it. Any thread.
 */
final class Submissions {
  private static final int LOOK_AHEAD = 32;
  private static final int ENDED_KEPT = 1_000;

  /** Starts a call on this pod, or sends it to another. */
  interface Sender {
    /** Never waits. Called under the lock, so that calls arrive in their order. */
    void send(Peer peer, Submission submission);

    /** Tells the pod that nobody waits any more. */
    void cancel(Peer peer, long number);

    /** What it made is not wanted. */
    void discard(Value value);
  }

  private final Sender sender;
  private final Alarms alarms;
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final TreeMap<Integer, Deque<Submission>> waiting =
      new TreeMap<>(Collections.reverseOrder());
  private final Map<Long, Submission> open = new LinkedHashMap<>();
  private final Deque<Submission> ended = new ArrayDeque<>();
  private final Map<List<Object>, Optional<String>> feasible = new HashMap<>();
  private final List<Runnable> effects = new ArrayList<>();
  private @Nullable ActorCalls actors;
  private final EnumMap<Submission.State, Long> endedStates = new EnumMap<>(Submission.State.class);
  private int waitingCount;

  /** A call that fails at once comes back while it is being sent. */
  private int depth;

  private long numbers;

  Submissions(Sender sender, Alarms alarms) {
    this.sender = sender;
    this.alarms = alarms;
  }

  /** Runs under the lock what belongs together, and after it what that led to. */
  void locked(Runnable change) {
    List<Runnable> after = List.of();
    synchronized (this) {
      depth++;
      try {
        change.run();
      } finally {
        depth--;
        if (depth == 0 && !effects.isEmpty()) {
          after = List.copyOf(effects);
          effects.clear();
        }
      }
    }
    after.forEach(Runnable::run);
  }

  /** To be done when the lock is given back: ends of futures, and calls out. */
  void later(Runnable effect) {
    effects.add(effect);
  }

  /** Who knows about the calls of actors. Called under the lock. */
  interface ActorCalls {
    /** The pod of a call is gone; false if the call is to fail. */
    boolean lost(Submission submission, Peer peer);

    /** A call of an actor's ended; failure is null if it did so well. */
    void ended(Submission submission, Frame.@Nullable Failure failure);

    /** Pods came or went. */
    void podsChanged();
  }

  void actors(ActorCalls calls) {
    actors = calls;
  }

  // ---- pods

  void add(Peer peer) {
    locked(
        () -> {
          peers.put(peer.holder, peer);
          feasible.clear();
          asksActors().podsChanged();
          pump();
        });
  }

  /** A pod is gone: what was under way there runs elsewhere, or fails. */
  void gone(Peer peer, String why) {
    locked(
        () -> {
          peer.over = true;
          peers.remove(peer.holder, peer);
          feasible.clear();
          List<Submission> lost = new ArrayList<>(peer.underWay.values());
          peer.underWay.clear();
          // In the order they were sent: each goes to the front of its queue.
          Collections.reverse(lost);
          for (Submission submission : lost) {
            if (!submission.state.ended()
                && (submission.actor == null || !asksActors().lost(submission, peer))) {
              lost(submission, why);
            }
          }
          asksActors().podsChanged();
          pump();
        });
  }

  private ActorCalls asksActors() {
    return Objects.requireNonNull(actors);
  }

  private void lost(Submission submission, String why) {
    Submission.Request request = submission.request;
    String what =
        "pod " + Objects.requireNonNull(submission.peer).holder + " is gone (" + why + ")";
    if (submission.actor != null) {
      fail(submission, Failures.of(ErrorCode.ACTOR_DIED, request.label() + ": " + what));
    } else if (submission.attempt > request.retries().most()) {
      fail(
          submission,
          Failures.of(
              ErrorCode.NODE_DIED,
              request.label() + ": " + what + ", and its retries are used up"));
    } else {
      enqueue(submission, true);
    }
  }

  /** This pod has another life: what runs here goes on under its name. */
  void rename(Peer former, String holder) {
    locked(
        () -> {
          peers.remove(former.holder);
          former.holder = holder;
          peers.put(holder, former);
        });
  }

  Collection<Peer> peers() {
    synchronized (this) {
      return List.copyOf(peers.values());
    }
  }

  // ---- calls

  /** Waits for its arguments, then for a pod. */
  void submit(Submission submission) {
    locked(
        () -> {
          submission.number = ++numbers;
          open.put(submission.number, submission);
          if (!submission.request.timeout().isZero()) {
            submission.alarm =
                alarms.after(submission.request.timeout(), () -> timeOut(submission));
          }
        });
    whenReady(submission, () -> locked(() -> ready(submission)));
  }

  /** Opens a call to an actor, whose turn {@link OwnedActors} knows; under the lock. */
  void open(Submission submission) {
    submission.number = ++numbers;
    open.put(submission.number, submission);
    submission.state = Submission.State.WAITING;
  }

  /** Runs it now or when all arguments are there; fails the call if one of them failed. */
  void whenReady(Submission submission, Runnable then) {
    int[] left = {1};
    Runnable one =
        () -> {
          synchronized (left) {
            left[0]--;
            if (left[0] > 0) {
              return;
            }
          }
          then.run();
        };
    for (Submission.Argument argument : submission.arguments) {
      if (argument.object() != null && !isThere(argument.object())) {
        synchronized (left) {
          left[0]++;
        }
        argument
            .object()
            .whenDone(
                (value, failure) -> {
                  if (failure != null) {
                    argumentFailed(submission, failure);
                  }
                  one.run();
                });
      }
    }
    one.run();
  }

  private static boolean isThere(ObjectEntry entry) {
    return entry.value.isDone() && !entry.value.isCompletedExceptionally();
  }

  private void argumentFailed(Submission submission, Throwable failure) {
    locked(
        () ->
            fail(
                submission,
                failure instanceof TaskFailure known
                    ? new Frame.Failure(
                        known.code(),
                        "",
                        submission.request.label() + ": an argument failed: " + known.getMessage(),
                        known.remoteStack())
                    : Failures.thrown(submission.request.label(), failure)));
  }

  private void ready(Submission submission) {
    if (submission.state.ended()) {
      return;
    }
    Optional<String> problem = problem(submission.request);
    if (problem.isPresent()) {
      fail(submission, Failures.of(ErrorCode.PLACEMENT_INFEASIBLE, problem.get()));
      return;
    }
    enqueue(submission, false);
    pump();
  }

  /** Why no pod could ever run it. */
  Optional<String> problem(Submission.Request request) {
    if (request.bundle() != null) {
      return Optional.empty();
    }
    synchronized (this) {
      return feasible.computeIfAbsent(
          List.of(request.resources(), request.where()),
          key -> {
            List<NodeState> nodes = peers.values().stream().map(peer -> peer.node).toList();
            return ResourceLedger.problem(request.resources(), nodes, request.where());
          });
    }
  }

  private void enqueue(Submission submission, boolean first) {
    submission.state = Submission.State.WAITING;
    submission.peer = null;
    Deque<Submission> queue =
        waiting.computeIfAbsent(submission.request.priority(), priority -> new ArrayDeque<>());
    if (first) {
      queue.addFirst(submission);
    } else {
      queue.addLast(submission);
    }
    waitingCount++;
  }

  /** Gives out what has a pod to go to. Under the lock. */
  private void pump() {
    int looked = 0;
    for (Iterator<Deque<Submission>> queues = waiting.values().iterator(); queues.hasNext(); ) {
      Deque<Submission> queue = queues.next();
      for (Iterator<Submission> i = queue.iterator(); i.hasNext() && looked < LOOK_AHEAD; ) {
        Submission submission = i.next();
        Peer peer = choose(submission, true);
        if (submission.state.ended()) {
          i.remove();
          waitingCount--;
        } else if (peer == null) {
          looked++;
        } else {
          i.remove();
          waitingCount--;
          send(peer, submission);
        }
      }
      if (queue.isEmpty()) {
        queues.remove();
      }
    }
  }

  /**
   * The pod to send it to; null: none that lives may run it, or none has room.
   *
   * @param passBusy whether pods that have enough to do are passed over
   */
  @Nullable Peer choose(Submission submission, boolean passBusy) {
    Submission.Request request = submission.request;
    if (request.bundle() != null) {
      Peer peer = peers.get(request.bundle().holder());
      if (peer == null) {
        fail(
            submission,
            Failures.of(
                ErrorCode.NODE_DIED, request.label() + ": the pod of its placement group is gone"));
      }
      return peer;
    }
    Peer best = null;
    double least = Double.MAX_VALUE;
    for (Peer peer : peers.values()) {
      if ((passBusy && !peer.hasRoom()) || !able(request, peer)) {
        continue;
      }
      double load = peer.load() - nearness(submission, peer);
      if (load < least) {
        least = load;
        best = peer;
      }
    }
    return best;
  }

  /** Pods that live and may run it; under the lock. */
  List<Peer> able(Submission.Request request) {
    return peers.values().stream().filter(peer -> able(request, peer)).toList();
  }

  private static boolean able(Submission.Request request, Peer peer) {
    return !peer.over
        && !peer.node.draining()
        && request.where().allows(peer.node.traits())
        && request.resources().fitsIn(peer.node.total());
  }

  /** A pod that holds large arguments is as good as one with less to do. */
  private static double nearness(Submission submission, Peer peer) {
    long bytes = 0;
    for (Submission.Argument argument : submission.arguments) {
      Value value =
          argument.object() == null ? argument.value() : argument.object().value.getNow(null);
      if (value instanceof Value.Stored stored && stored.holder().equals(peer.holder)) {
        bytes += stored.byteSize();
      }
    }
    return bytes / 1e6;
  }

  /**
   * Sends it there, under the lock; a new number, so that answers to former attempts count no more.
   */
  void send(Peer peer, Submission submission) {
    open.remove(submission.number);
    submission.number = ++numbers;
    open.put(submission.number, submission);
    submission.peer = peer;
    submission.attempt++;
    submission.state = Submission.State.RUNNING;
    submission.sentNanos = System.nanoTime();
    peer.sent(submission);
    sender.send(peer, submission);
  }

  // ---- answers

  /**
   * A call ended well.
   *
   * @param settle to be run when nobody needs the value any more; null: nothing is
   */
  void done(Peer peer, long number, Value value, long runNanos, @Nullable Runnable settle) {
    locked(
        () -> {
          Submission submission = peer.answered(number);
          if (submission == null || submission.state.ended()) {
            later(
                () -> {
                  sender.discard(value);
                  if (settle != null) {
                    settle.run();
                  }
                });
          } else {
            if (settle != null) {
              submission.result.settle = settle;
            }
            peer.ran(runNanos);
            end(submission, Submission.State.SUCCEEDED, null);
            later(
                () -> {
                  if (!submission.result.value.complete(value)) {
                    sender.discard(value);
                  }
                });
          }
          pump();
        });
  }

  void failed(Peer peer, long number, Frame.Failure failure) {
    locked(
        () -> {
          Submission submission = peer.answered(number);
          if (submission != null && !submission.state.ended()) {
            if (retries(submission, failure)) {
              backOff(submission);
            } else {
              fail(submission, failure);
            }
          }
          pump();
        });
  }

  private static boolean retries(Submission submission, Frame.Failure failure) {
    TaskOptions.Retries retries = submission.request.retries();
    if (submission.actor != null || submission.attempt > retries.most()) {
      return false;
    }
    List<String> types = List.of(failure.type().split(" ", -1));
    return retries.on().stream().anyMatch(type -> types.contains(type.getName()));
  }

  private void backOff(Submission submission) {
    submission.state = Submission.State.BACKING_OFF;
    submission.peer = null;
    Duration pause =
        submission
            .request
            .retries()
            .backOff()
            .multipliedBy(1L << Math.min(16, submission.attempt - 1));
    submission.alarm =
        alarms.after(
            pause,
            () ->
                locked(
                    () -> {
                      if (submission.state == Submission.State.BACKING_OFF) {
                        enqueue(submission, false);
                        pump();
                      }
                    }));
  }

  /** Ends it so, under the lock; nothing happens if it has ended. */
  void fail(Submission submission, Frame.Failure failure) {
    if (!submission.state.ended()) {
      end(
          submission,
          failure.code() == ErrorCode.CANCELLED
              ? Submission.State.CANCELLED
              : Submission.State.FAILED,
          failure);
      later(() -> submission.result.value.completeExceptionally(new TaskFailure(failure)));
    }
  }

  private void end(Submission submission, Submission.State state, Frame.@Nullable Failure failure) {
    submission.state = state;
    if (submission.request.kind() != Call.Kind.ACTOR_START) {
      endedStates.merge(state, 1L, Long::sum);
    }
    submission.endedNanos = System.nanoTime();
    open.remove(submission.number);
    if (submission.alarm != null) {
      submission.alarm.cancel(false);
    }
    ended.addLast(submission);
    if (ended.size() > ENDED_KEPT) {
      ended.removeFirst();
    }
    boolean mayRunAgain =
        state == Submission.State.SUCCEEDED && submission.result.lineage == submission;
    if (!mayRunAgain) {
      later(submission::letGo);
    }
    if (submission.actor != null) {
      asksActors().ended(submission, failure);
    }
  }

  /** Forgets one that never came to anything; under the lock. */
  void close(Submission submission) {
    open.remove(submission.number);
    submission.state = Submission.State.CANCELLED;
  }

  // ---- ends before the end

  private void timeOut(Submission submission) {
    stop(
        submission,
        Failures.of(
            ErrorCode.TIMEOUT,
            submission.request.label() + " did not end within " + submission.request.timeout()));
  }

  /** Nobody wants it any more; nothing happens if it has ended. */
  void cancel(Submission submission) {
    stop(
        submission,
        Failures.of(ErrorCode.CANCELLED, submission.request.label() + " was cancelled"));
  }

  private void stop(Submission submission, Frame.Failure why) {
    locked(
        () -> {
          if (submission.state.ended()) {
            return;
          }
          Peer peer = submission.peer;
          long number = submission.number;
          submission.cancelled = true;
          fail(submission, why);
          if (peer != null && peer.answered(number) != null) {
            later(() -> sender.cancel(peer, number));
          }
          pump();
        });
  }

  /** A task whose result was lost runs again, if it may; false if not. */
  boolean runAgain(Submission submission) {
    boolean[] again = new boolean[1];
    locked(
        () -> {
          if (submission.attempt <= submission.request.retries().most()) {
            submission.number = ++numbers;
            open.put(submission.number, submission);
            enqueue(submission, true);
            pump();
            again[0] = true;
          }
        });
    return again[0];
  }

  // ---- for people

  /** Calls that have not ended, and the last that have. */
  synchronized List<Submission> all() {
    List<Submission> all = new ArrayList<>(open.values());
    all.addAll(ended);
    return all;
  }

  /** How many that have not ended are in each state. */
  synchronized Map<Submission.State, Long> openStates() {
    Map<Submission.State, Long> states = new EnumMap<>(Submission.State.class);
    for (Submission submission : open.values()) {
      if (submission.request.kind() != Call.Kind.ACTOR_START) {
        states.merge(submission.state, 1L, Long::sum);
      }
    }
    return states;
  }

  /** How many ever ended in each state. */
  synchronized Map<Submission.State, Long> endedStates() {
    return new EnumMap<>(endedStates);
  }

  synchronized int openCount() {
    return open.size();
  }

  synchronized int waitingCount() {
    return waitingCount;
  }
}
