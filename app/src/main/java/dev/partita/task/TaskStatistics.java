// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts of what this pod owns and has. Any thread. */
@ApplicationScoped
public class TaskStatistics {
  /** One look serves all meters of a scrape. */
  private static final long FRESH_NANOS = 500_000_000;

  private Cluster cluster;
  private @Nullable Counts last;
  private long lastNanos;

  /** Words of {@link Counts#openTasks}. */
  public static final List<String> OPEN_TASKS =
      List.of("waiting_for_arguments", "waiting", "running", "backing_off");

  /** Words of {@link Counts#endedTasks}. */
  public static final List<String> ENDED_TASKS = List.of("succeeded", "failed", "cancelled");

  /** Words of {@link Counts#actors}. */
  public static final List<String> ACTORS =
      List.of("pending", "starting", "alive", "restarting", "dead");

  /** Words of {@link Counts#objects}. */
  public static final List<String> OBJECTS = List.of("pending", "available", "failed");

  /**
   * At one moment. Maps are by state in lower case, without those of which there is none.
   *
   * @param openTasks tasks and calls that have not ended
   * @param endedTasks since the server began
   */
  public record Counts(
      Map<String, Long> openTasks,
      Map<String, Long> endedTasks,
      Map<String, Long> actors,
      Map<String, Long> objects,
      Sums sums) {}

  /**
   * Numbers without states.
   *
   * @param restarts of actors, since the server began
   * @param mailboxCalls to actors, not answered
   * @param receivedBytes of objects of other pods, since the server began
   * @param groups placement groups of this pod
   * @param jobs tasks and batches of calls that run or wait on this pod, whoever owns them
   * @param fenced of the jobs, those that were cancelled and still run after the grace
   * @param hostedActors that live on this pod, whoever owns them
   */
  public record Sums(
      long restarts,
      long mailboxCalls,
      long objectBytes,
      long receivedBytes,
      long groups,
      long jobs,
      long fenced,
      long hostedActors) {}

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected TaskStatistics() {}

  @Inject
  public TaskStatistics(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Name of this pod's life. */
  public String pod() {
    return cluster.node().holder();
  }

  /** What ran on this pod and ended within that time, the oldest first; bounded in number. */
  public List<TimelineEvent> timeline(Duration time) {
    return cluster.node().timeline().last(time);
  }

  /** Not older than half a second. */
  public synchronized Counts counts() {
    Counts known = last;
    if (known == null || System.nanoTime() - lastNanos > FRESH_NANOS) {
      known = count(cluster.node());
      last = known;
      lastNanos = System.nanoTime();
    }
    return known;
  }

  private static Counts count(TaskNode node) {
    Map<Submission.State, Long> open = new EnumMap<>(Submission.State.class);
    Map<Submission.State, Long> ended = new EnumMap<>(Submission.State.class);
    Map<OwnedActor.State, Long> actors = new EnumMap<>(OwnedActor.State.class);
    long[] calls = new long[1];
    node.submissions()
        .locked(
            () -> {
              open.putAll(node.submissions().openStates());
              ended.putAll(node.submissions().endedStates());
              for (OwnedActor actor : node.actors().all()) {
                actors.merge(actor.state, 1L, Long::sum);
                calls[0] += actor.load();
              }
            });
    Map<String, Long> objects = new TreeMap<>();
    long bytes = 0;
    for (ObjectEntry entry : node.objects().all()) {
      boolean failed = entry.value.isCompletedExceptionally();
      Value value = failed ? null : entry.value.getNow(null);
      objects.merge(failed ? "failed" : value == null ? "pending" : "available", 1L, Long::sum);
      bytes += ClientResults.size(value);
    }
    return new Counts(
        words(open),
        words(ended),
        words(actors),
        objects,
        new Sums(
            node.actors().restarts(),
            calls[0],
            bytes,
            node.transfers().receivedBytes(),
            node.groups().all().size(),
            node.runner().runningCount() + node.runner().waitingCount(),
            node.runner().fencedCount(),
            node.host().all().size()));
  }

  private static Map<String, Long> words(Map<? extends Enum<?>, Long> counts) {
    Map<String, Long> words = new TreeMap<>();
    counts.forEach((state, count) -> words.put(state.name().toLowerCase(Locale.ROOT), count));
    return words;
  }
}
