// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What other pods, and this one, have this pod run. Any thread. */
final class Executions {
  private final Registry registry;
  private final Beans beans;
  private final Values values;
  private final References references;
  private final Runner runner;
  private final Supplier<String> node;
  private final Alarms alarms;
  private final Duration grace;
  private final Timeline timeline;
  private final Map<Key, Job> jobs = new ConcurrentHashMap<>();

  /**
   * Names a call.
   *
   * @param session it came by; of this pod's own, a thing of its own
   */
  record Key(Object session, long number) {}

  /** What it runs with. */
  record Parts(
      Registry registry,
      Beans beans,
      Values values,
      References references,
      Runner runner,
      Supplier<String> node,
      Alarms alarms,
      Timeline timeline,
      Duration grace) {}

  Executions(Parts parts) {
    this.registry = parts.registry();
    this.beans = parts.beans();
    this.values = parts.values();
    this.references = parts.references();
    this.runner = parts.runner();
    this.node = parts.node();
    this.alarms = parts.alarms();
    this.grace = parts.grace();
    this.timeline = parts.timeline();
  }

  TaskContext context(Job job) {
    return new TaskContext(job, runner, node.get());
  }

  Timeline timeline() {
    return timeline;
  }

  Beans beans() {
    return beans;
  }

  Registry registry() {
    return registry;
  }

  Runner runner() {
    return runner;
  }

  Values values() {
    return values;
  }

  References references() {
    return references;
  }

  /** Runs a task when there is room. */
  void start(Key key, String owner, Call call, Answer answer) {
    RemoteMethod method;
    Job job;
    try {
      method = registry.task(call.name());
      method.checkCount(call.values().size());
      job =
          new Job(
              call.label(),
              owner,
              call.demand(),
              running -> run(running, key, method, call, answer));
    } catch (PartitaException e) {
      answer.failed(Failures.of(e.code(), String.valueOf(e.getMessage())));
      return;
    }
    jobs.put(key, job);
    runner.submit(job);
  }

  private void run(Job job, Key key, RemoteMethod method, Call call, Answer answer) {
    TaskContext.enter(context(job));
    long began = System.nanoTime();
    try {
      if (job.cancelled) {
        answer.failed(Failures.of(ErrorCode.CANCELLED, call.label() + " was cancelled"));
        return;
      }
      long from = System.nanoTime();
      Object[] arguments = arguments(method.arguments(), call.values());
      References.Met<Value> result;
      try (Beans.Lent lent = beans.lend(method.bean())) {
        Object returned = method.invoke(lent.bean(), arguments);
        result = references.meeting(() -> encode(returned, method.result(), answer));
      }
      answer.done(result.value(), System.nanoTime() - from, result.refs());
    } catch (Throwable e) {
      answer.failed(Failures.thrown(call.label(), e));
    } finally {
      jobs.remove(key);
      TaskContext.leave();
      timeline.add(TimelineEvent.Kind.TASK, call.label(), began);
    }
  }

  Value encode(@Nullable Object returned, JavaType type, Answer answer) {
    return answer.local() ? values.of(returned, type) : values.outgoing(returned, type);
  }

  /** The arguments themselves; the owners of references in them know of us when it returns. */
  @Nullable Object[] arguments(List<JavaType> types, List<Value> given)
      throws InterruptedException {
    References.Met<@Nullable Object[]> read =
        references.meeting(
            () -> {
              @Nullable Object[] arguments = new @Nullable Object[given.size()];
              for (int i = 0; i < arguments.length; i++) {
                arguments[i] = values.object(given.get(i), types.get(i));
              }
              return arguments;
            });
    references.borrow(read.refs());
    return read.value();
  }

  /**
   * Nobody waits for it any more: it never begins, or is interrupted, and counted as fenced if it
   * does not end within the grace.
   */
  void cancel(Key key) {
    Job job = jobs.get(key);
    if (job == null) {
      return;
    }
    if (runner.cancel(job)) {
      job.body.run(job);
    } else {
      var unused = alarms.after(grace, () -> runner.fence(job));
    }
  }

  /** A session is over: nobody waits for what came by it. */
  void cancelAll(Object session) {
    for (Key key : List.copyOf(jobs.keySet())) {
      if (key.session() == session) {
        cancel(key);
      }
    }
  }
}
