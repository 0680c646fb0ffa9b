// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An actor on this pod: its bean, and the calls that wait for it. Calls begin in the order they
 * came; up to {@link #BATCH} of them share a run on a thread, and a snapshot. State belongs to its
 * own lock, but for the bean, which belongs to whoever runs a call.
 */
final class HostedActor {
  private static final int BATCH = 64;

  /** How long an actor with {@link Snapshots} goes unsaved, if nobody asks for exactly once. */
  private static final long SAVE_NANOS = 1_000_000_000;

  final ActorId id;
  final int generation;
  final ActorType type;
  final String owner;
  final Call start;

  private final Executions executions;
  private final ActorCalls calls;
  private final Answer started;
  private final Deque<Waiting> mailbox = new ArrayDeque<>();
  private final Map<Long, Applied> applied = new HashMap<>();
  private int running;
  private boolean starting = true;
  private boolean ended;
  private Frame.@Nullable Failure broken;
  private Beans.@Nullable Lent lent;
  private long savedNanos = System.nanoTime();
  private boolean unsaved;

  /** A call that waits. */
  record Waiting(RemoteMethod method, Call call, Answer answer) {}

  /**
   * What is known of a caller's calls.
   *
   * @param last of its sequence that was applied
   * @param answers the last of them, by sequence
   */
  record Applied(long last, Map<Long, byte[]> answers) {}

  /** What is saved. */
  record Snapshot(ByteBuffer state, Map<Long, Applied> applied) {}

  /**
   * Not there yet.
   *
   * @param start its argument, if any, and its snapshot, if any
   * @param started where it is told that it is there
   */
  HostedActor(Executions executions, String owner, ActorType type, Call start, Answer started) {
    Call.ToActor to = Objects.requireNonNull(start.to());
    this.id = to.actor();
    this.generation = to.generation();
    this.executions = executions;
    this.calls = new ActorCalls(executions);
    this.owner = owner;
    this.type = type;
    this.start = start;
    this.started = started;
  }

  /** Begins it, on a thread of the pod. */
  void begin() {
    executions.runner().submit(new Job(start.label(), owner, start.demand(), this::begin));
  }

  private void begin(Job job) {
    calls.enter(job);
    Frame.Failure failure = null;
    try {
      lent = executions.beans().lend(type.bean());
      prepare(lent.bean());
      started.done(new Value.Shared(null), 0, List.of());
    } catch (Throwable e) {
      failure = Failures.thrown("actor " + start.label(), e);
      started.failed(failure);
    } finally {
      calls.leave();
    }
    synchronized (this) {
      starting = false;
      broken = failure;
    }
    giveBackIfIdle();
    next();
  }

  @SuppressWarnings("unchecked") // the actor's own types, read as it declares them
  private void prepare(Object bean) throws Exception {
    List<Value> values = start.values();
    if (type.argument() != null) {
      Object[] argument = executions.arguments(List.of(type.argument()), values.subList(0, 1));
      ((Starting<Object>) bean).start(argument[0]);
    }
    int argumentCount = type.argument() == null ? 0 : 1;
    if (values.size() > argumentCount && type.state() != null) {
      Snapshot snapshot = calls.snapshot(values.get(argumentCount));
      ((Snapshots<Object>) bean).load(calls.state(snapshot, type.state()));
      applied.putAll(snapshot.applied());
    }
  }

  /** A call came; refused if too many wait. */
  void call(RemoteMethod method, Call call, Answer answer) {
    synchronized (this) {
      if (!ended && mailbox.size() < limits().mailbox()) {
        mailbox.add(new Waiting(method, call, answer));
        answer = null;
      }
    }
    if (answer != null) {
      answer.failed(
          ended
              ? Failures.of(ErrorCode.ACTOR_DIED, "actor " + start.label() + " was ended")
              : Failures.of(
                  ErrorCode.UNAVAILABLE,
                  "the mailbox of " + start.label() + " is full: " + limits().mailbox()));
      return;
    }
    next();
  }

  private Call.ToActor limits() {
    return Objects.requireNonNull(start.to());
  }

  /** Has calls run, if any wait and there is room. */
  private void next() {
    List<Waiting> batch = new ArrayList<>();
    synchronized (this) {
      if (starting || running >= limits().maxConcurrency() || mailbox.isEmpty()) {
        return;
      }
      running++;
      int most = limits().maxConcurrency() == 1 ? BATCH : 1;
      while (batch.size() < most && !mailbox.isEmpty()) {
        batch.add(mailbox.remove());
      }
    }
    executions
        .runner()
        .submit(new Job(start.label(), owner, start.demand(), job -> run(job, batch)));
    if (limits().maxConcurrency() > 1) {
      next();
    }
  }

  private void run(Job job, List<Waiting> batch) {
    List<Runnable> answers = new ArrayList<>();
    boolean exactly = false;
    calls.enter(job);
    try {
      for (Waiting waiting : batch) {
        Call.ToActor to = Objects.requireNonNull(waiting.call().to());
        if (broken == null && to.delivery() == Delivery.EXACTLY_ONCE) {
          exactly = true;
          apply(waiting, to, answers);
        } else {
          answers.add(run(waiting));
        }
        if (!exactly) {
          answers.forEach(Runnable::run);
          answers.clear();
        }
      }
      save(exactly);
      answers.forEach(Runnable::run);
    } catch (Throwable e) {
      Frame.Failure failure = Failures.thrown("the snapshot of " + start.label(), e);
      batch.forEach(waiting -> waiting.answer().failed(failure));
    } finally {
      calls.leave();
      synchronized (this) {
        running--;
      }
    }
    giveBackIfIdle();
    next();
  }

  /** Once for each of a caller's sequence: again, it only answers what it did. */
  private void apply(Waiting waiting, Call.ToActor to, List<Runnable> answers) throws Exception {
    Applied known = applied.getOrDefault(to.caller(), new Applied(0, new HashMap<>()));
    byte[] answered = known.answers().get(to.sequence());
    if (to.sequence() <= known.last()) {
      answers.add(
          answered == null
              ? () ->
                  waiting
                      .answer()
                      .failed(
                          Failures.of(
                              ErrorCode.CONFLICT,
                              waiting.method().name()
                                  + " was done already; its answer is not kept any more"))
              : calls.again(answered, waiting));
      return;
    }
    byte[] outcome = calls.outcome(waiting, bean());
    Map<Long, byte[]> kept = new HashMap<>(known.answers());
    kept.put(to.sequence(), outcome);
    kept.remove(to.sequence() - OwnedActor.EXACTLY_ONCE_WINDOW);
    applied.put(to.caller(), new Applied(to.sequence(), kept));
    unsaved = true;
    answers.add(calls.again(outcome, waiting));
  }

  private Runnable run(Waiting waiting) {
    Frame.Failure gone = broken;
    if (gone != null) {
      return () -> waiting.answer().failed(gone);
    }
    unsaved = true;
    return calls.call(waiting, bean());
  }

  private Object bean() {
    return Objects.requireNonNull(lent).bean();
  }

  @SuppressWarnings("unchecked") // the actor's own type
  private void save(boolean exactly) {
    JavaType state = type.state();
    if (state == null || broken != null || !unsaved) {
      return;
    }
    long now = System.nanoTime();
    if (exactly || now - savedNanos > SAVE_NANOS) {
      byte[] bytes = calls.encode(((Snapshots<Object>) bean()).save(), state);
      started.save(
          id,
          generation,
          calls.snapshot(new Snapshot(ByteBuffer.wrap(bytes), Map.copyOf(applied))));
      savedNanos = now;
      unsaved = false;
    }
  }

  /** Nobody needs it any more; what waits fails. */
  void end(String why) {
    List<Waiting> left;
    synchronized (this) {
      ended = true;
      left = List.copyOf(mailbox);
      mailbox.clear();
    }
    Frame.Failure failure =
        Failures.of(ErrorCode.ACTOR_DIED, "actor " + start.label() + ": " + why);
    left.forEach(waiting -> waiting.answer().failed(failure));
    giveBackIfIdle();
  }

  /** The bean is not destroyed under a call that runs. */
  private void giveBackIfIdle() {
    Beans.Lent bean;
    synchronized (this) {
      if (!ended || starting || running > 0) {
        return;
      }
      bean = lent;
      lent = null;
    }
    if (bean != null) {
      bean.close();
    }
  }

  synchronized int waiting() {
    return mailbox.size();
  }
}
