// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.JobEvent;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of one job so far, from its events. Safe for any thread. */
final class JobView {
  /** Reports of one place after which its rate tells something. */
  private static final int SETTLED = 4;

  private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "STOPPED", "ABANDONED");

  private final Map<String, Progress> places = new TreeMap<>();
  private final Map<String, Double> metrics = new HashMap<>();
  private final Map<String, Progress> beforeRestart = new HashMap<>();
  private final Set<String> wentOn = new HashSet<>();
  private final Map<String, Long> redone = new HashMap<>();
  private final Map<String, Integer> reports = new HashMap<>();
  private String currentStep = "";
  private boolean away;
  private long executionId;
  private @Nullable String end;

  synchronized void add(JobEvent event) {
    JsonObject data = event.data();
    newExecution(
        data.containsKey("executionId") ? data.getJsonNumber("executionId").longValue() : 0);
    switch (event.type()) {
      case "progress" -> progress(Progress.of(data));
      case "metric" ->
          metrics.put(
              data.getString("step", "") + "." + data.getString("name"),
              data.getJsonNumber("value").doubleValue());
      case "job" -> job(data.getString("batchStatus"));
      case "recovery" -> recovery(data);
      case "step" -> currentStep = data.getString("step", currentStep);
      default -> {}
    }
    notifyAll();
  }

  synchronized boolean ended() {
    return end != null;
  }

  synchronized void end(String batchStatus) {
    end = batchStatus;
    notifyAll();
  }

  /** The last value of a curve of a step; null when there is none. */
  synchronized @Nullable Double metric(String step, String name) {
    return metrics.get(step + "." + name);
  }

  /** The places of the step that runs now, in the order of their partitions. */
  private List<Progress> now() {
    return places.values().stream().filter(p -> p.step().equals(currentStep)).toList();
  }

  /** What goes on, for a person. */
  synchronized String title() {
    if (end != null) {
      return end.toLowerCase(Locale.ROOT);
    }
    if (away) {
      return "server killed, starting again";
    }
    return currentStep.isEmpty() ? "waiting" : "step " + currentStep;
  }

  /** A bar for each place of the step that runs now. */
  synchronized List<String> lines() {
    return now().stream().map(this::line).toList();
  }

  private String line(Progress p) {
    return away
        ? ProgressBar.standing(p)
        : ProgressBar.line(
            p, metric(p.step(), "loss"), reports.getOrDefault(p.place(), 0) >= SETTLED);
  }

  /** Whether the server is gone and nothing moves until it is back. */
  synchronized void away(boolean now) {
    away = now;
  }

  /**
   * Work of the step that the former execution had done beyond its last commit: it is done again.
   */
  synchronized long redone(String step) {
    return redone.getOrDefault(step, 0L);
  }

  /** Done of total over all partitions of the step, 0 to 1. */
  synchronized double fraction(String step) {
    long done = 0;
    long total = 0;
    for (Progress p : places.values()) {
      if (p.step().equals(step)) {
        done += p.done();
        total += p.total();
      }
    }
    return total == 0 ? 0 : (double) done / total;
  }

  /**
   * Waits until the step has done this fraction.
   *
   * @throws DemoFailedException if the job ends before, or after {@code limit}
   */
  synchronized void awaitFraction(String step, double fraction, Duration limit) {
    String goal = "step " + step + " was at " + (int) (fraction * 100) + " %";
    await(() -> fraction(step) >= fraction || end != null, limit, goal);
    if (fraction(step) < fraction) {
      throw new DemoFailedException("The job ended " + end + " before " + goal);
    }
  }

  /**
   * Waits until the step goes on in another execution than the former, with all of its partitions
   * that had work left, or the job ends.
   */
  synchronized void awaitResumed(long formerExecution, String step, Duration limit) {
    await(
        () -> (executionId != formerExecution && wentOn(step)) || end != null,
        limit,
        "step " + step + " went on after the kill");
  }

  /** Waits for the end of the job and returns its batch status. */
  synchronized String awaitEnd(Duration limit) {
    await(() -> end != null, limit, "the job ended");
    return String.valueOf(end);
  }

  synchronized long executionId() {
    return executionId;
  }

  private void newExecution(long id) {
    if (id == 0 || id == executionId) {
      return;
    }
    if (executionId != 0) {
      beforeRestart.clear();
      beforeRestart.putAll(places);
      wentOn.clear();
      redone.clear();
      reports.clear();
    }
    executionId = id;
  }

  private void progress(Progress p) {
    currentStep = p.step();
    places.put(p.place(), p);
    wentOn.add(p.place());
    reports.merge(p.place(), 1, Integer::sum);
  }

  private void job(String batchStatus) {
    if (ENDED.contains(batchStatus)) {
      end = batchStatus;
    }
  }

  private void recovery(JsonObject data) {
    if (data.containsKey("redone")) {
      redone.merge(data.getString("step"), data.getJsonNumber("redone").longValue(), Long::sum);
    }
  }

  private boolean wentOn(String step) {
    return places.values().stream()
            .anyMatch(p -> p.step().equals(step) && wentOn.contains(p.place()))
        && beforeRestart.values().stream()
            .filter(p -> p.step().equals(step) && p.done() < p.total())
            .allMatch(p -> wentOn.contains(p.place()));
  }

  private synchronized void await(BooleanSupplier condition, Duration limit, String what) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new DemoFailedException("Waited " + limit.toSeconds() + " s until " + what);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailedException("Interrupted while waiting until " + what);
    }
  }
}
