// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.task.TaskStatistics;
import dev.partita.task.TaskWatcher;
import dev.partita.task.TimelineEvent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Tasks, actors and objects of this pod: counts when somebody asks, times as they are. */
@ApplicationScoped
public class TaskMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofMillis(1),
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(2)
  };

  private TaskStatistics statistics;
  private MeterRegistry registry;
  private Timer queue;
  private final Map<TimelineEvent.Kind, Timer> runs = new EnumMap<>(TimelineEvent.Kind.class);

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected TaskMetrics() {}

  @Inject
  public TaskMetrics(TaskStatistics statistics, MeterRegistry registry) {
    this.statistics = statistics;
    this.registry = registry;
    this.queue =
        timer("partita_task_queue_seconds", "Time from a task's submission to a pod with room")
            .register(registry);
    for (TimelineEvent.Kind kind : TimelineEvent.Kind.values()) {
      runs.put(
          kind,
          timer("partita_task_run_seconds", "Time that tasks, calls of actors and transfers took")
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  private static Timer.Builder timer(String name, String description) {
    return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
  }

  /** Of a scope without proxies: it is called where no context is. */
  @Produces
  @Singleton
  TaskWatcher watcher() {
    return new Times(queue, runs);
  }

  private record Times(Timer queue, Map<TimelineEvent.Kind, Timer> runs) implements TaskWatcher {
    @Override
    public void sent(long waitedNanos) {
      queue.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void ran(TimelineEvent.Kind kind, long nanos) {
      Timer timer = runs.get(kind);
      if (timer != null) {
        timer.record(nanos, TimeUnit.NANOSECONDS);
      }
    }
  }

  void describe() {
    states(
        "partita_tasks",
        "Tasks and calls of actors of this pod that have not ended",
        TaskStatistics.OPEN_TASKS,
        TaskStatistics.Counts::openTasks);
    states(
        "partita_actors",
        "Actors of this pod",
        TaskStatistics.ACTORS,
        TaskStatistics.Counts::actors);
    states(
        "partita_objects",
        "Objects of this pod",
        TaskStatistics.OBJECTS,
        TaskStatistics.Counts::objects);
    for (String state : TaskStatistics.ENDED_TASKS) {
      FunctionCounter.builder(
              "partita_tasks_ended_total",
              this,
              metrics -> metrics.count(TaskStatistics.Counts::endedTasks, state))
          .description("Tasks and calls of actors of this pod that ended")
          .tag("state", state)
          .register(registry);
    }
    counter("partita_actor_restarts_total", "Restarts of actors", TaskStatistics.Sums::restarts);
    counter(
        "partita_transfers_received_bytes_total",
        "Bytes of objects that came from other pods",
        TaskStatistics.Sums::receivedBytes);
    gauge(
        "partita_actor_mailbox_calls",
        "Calls to actors that are not answered",
        TaskStatistics.Sums::mailboxCalls);
    gauge(
        "partita_object_bytes",
        "Bytes of the objects of this pod, wherever they are",
        TaskStatistics.Sums::objectBytes);
    gauge(
        "partita_task_jobs",
        "Tasks and batches of calls that run or wait on this pod, whoever owns them",
        TaskStatistics.Sums::jobs);
    gauge(
        "partita_task_jobs_fenced",
        "Of those, tasks that were cancelled and still run after the grace",
        TaskStatistics.Sums::fenced);
    gauge(
        "partita_hosted_actors",
        "Actors that live on this pod, whoever owns them",
        TaskStatistics.Sums::hostedActors);
    gauge("partita_placement_groups", "Placement groups kept", TaskStatistics.Sums::groups);
  }

  private void states(
      String name,
      String description,
      List<String> states,
      Function<TaskStatistics.Counts, Map<String, Long>> counts) {
    for (String state : states) {
      Gauge.builder(name, () -> count(counts, state))
          .description(description)
          .tag("state", state)
          .register(registry);
    }
  }

  private long count(Function<TaskStatistics.Counts, Map<String, Long>> counts, String state) {
    return counts.apply(statistics.counts()).getOrDefault(state, 0L);
  }

  private void gauge(String name, String description, ToLongFunction<TaskStatistics.Sums> value) {
    Gauge.builder(name, () -> value.applyAsLong(statistics.counts().sums()))
        .description(description)
        .register(registry);
  }

  private void counter(String name, String description, ToLongFunction<TaskStatistics.Sums> value) {
    FunctionCounter.builder(
            name, this, metrics -> value.applyAsLong(metrics.statistics.counts().sums()))
        .description(description)
        .register(registry);
  }
}
