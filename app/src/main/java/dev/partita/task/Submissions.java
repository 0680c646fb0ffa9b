// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls that this pod owns: gives each to a pod, and again to another when that one dies. A pod
 * gets as much as keeps it busy for some milliseconds; what is above waits here, so that whichever
 * pod is first to have room takes it. Any thread.
 */
final class Submissions {
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
  private final Peers peers = new Peers();
  private final WaitingCalls waiting = new WaitingCalls();
  private final CallRecords records = new CallRecords();
  private final List<Runnable> effects = new ArrayList<>();
  private @Nullable ActorCalls actors;

  /** A call that fails at once comes back while it is being sent. */
  private int depth;

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
          peers.add(peer);
          asksActors().podsChanged();
          pump();
        });
  }

  /** A pod is gone: what was under way there runs elsewhere, or fails. */
  void gone(Peer peer, String why) {
    locked(
        () -> {
          peers.remove(peer);
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
    locked(() -> peers.rename(former, holder));
  }

  /** That life of a pod, if it lives; under the lock. */
  @Nullable Peer peer(String holder) {
    return peers.find(holder);
  }

  synchronized Collection<Peer> peers() {
    return peers.all();
  }

  // ---- calls

  /** Waits for its arguments, then for a pod. */
  void submit(Submission submission) {
    locked(
        () -> {
          records.number(submission);
          if (!submission.request.timeout().isZero()) {
            submission.alarm =
                alarms.after(submission.request.timeout(), () -> timeOut(submission));
          }
        });
    whenReady(submission, () -> locked(() -> ready(submission)));
  }

  /** Opens a call to an actor, whose turn {@link OwnedActors} knows; under the lock. */
  void open(Submission submission) {
    records.number(submission);
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

  /** Why no pod could ever run it; empty if one could. */
  synchronized Optional<String> problem(Submission.Request request) {
    return peers.problem(request);
  }

  /** Pods that live and may run it; under the lock. */
  List<Peer> able(Submission.Request request) {
    return peers.able(request);
  }

  private void enqueue(Submission submission, boolean first) {
    submission.state = Submission.State.WAITING;
    submission.peer = null;
    waiting.add(submission, first);
  }

  /** Gives out what has a pod to go to. Under the lock. */
  private void pump() {
    waiting.offer(
        submission -> {
          if (submission.state.ended()) {
            return true;
          }
          Peer peer =
              submission.request.bundle() == null ? peers.best(submission) : kept(submission);
          if (peer != null) {
            send(peer, submission);
          }
          return submission.state.ended() || peer != null;
        });
  }

  /** The pod that keeps its part of a placement group; without it the call fails. */
  @Nullable Peer kept(Submission submission) {
    Submission.Request request = submission.request;
    Peer peer = peers.find(Objects.requireNonNull(request.bundle()).holder());
    if (peer == null) {
      fail(
          submission,
          Failures.of(
              ErrorCode.NODE_DIED, request.label() + ": the pod of its placement group is gone"));
    }
    return peer;
  }

  /**
   * Sends it there, under the lock; a new number, so that answers to former attempts count no more.
   */
  void send(Peer peer, Submission submission) {
    records.number(submission);
    submission.peer = peer;
    submission.attempt++;
    submission.state = Submission.State.RUNNING;
    submission.sentNanos = System.nanoTime();
    peer.sent(submission);
    try {
      sender.send(peer, submission);
    } catch (PartitaException e) {
      // Nothing was sent, and no other pod could be told more.
      if (peer.answered(submission.number) != null) {
        fail(submission, Failures.of(e.code(), String.valueOf(e.getMessage())));
      }
    }
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
    var unused =
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
    submission.endedNanos = System.nanoTime();
    records.ended(submission);
    if (submission.alarm != null) {
      submission.alarm.cancel(false);
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
    records.forget(submission);
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

  /** The server stops: whoever still waits for something is told. */
  void close() {
    for (Submission submission : all()) {
      stop(
          submission,
          Failures.of(
              ErrorCode.CANCELLED,
              submission.request.label() + " was cancelled: the server stops"));
    }
  }

  /** A task whose result was lost runs again, if it may; false if not. */
  boolean runAgain(Submission submission) {
    boolean[] again = new boolean[1];
    locked(
        () -> {
          if (submission.attempt <= submission.request.retries().most()) {
            records.number(submission);
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
    return records.all();
  }

  /** How many that have not ended are in each state. */
  synchronized Map<Submission.State, Long> openStates() {
    return records.openStates();
  }

  /** How many ever ended in each state. */
  synchronized Map<Submission.State, Long> endedStates() {
    return records.endedStates();
  }

  synchronized int waitingCount() {
    return waiting.count();
  }
}
