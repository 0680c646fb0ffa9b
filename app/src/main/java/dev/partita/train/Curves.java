// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.StepProgress;
import java.util.Map;
import java.util.TreeMap;

/**
 * Thins what a loop reports to some 250 points per curve: each is the mean since the former one.
 * For rank 0's thread; {@link #newest()} also for a thread that met it at a barrier.
 */
final class Curves {
  private static final int POINTS = 250;

  private final StepProgress progress;
  private final Map<String, Mean> means = new TreeMap<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Double> newest = new TreeMap<>();
  private long publishedAt;
  private long publishedNanos = System.nanoTime();

  Curves(StepProgress progress) {
    this.progress = progress;
  }

  void startAt(long iteration) {
    publishedAt = iteration;
    publishedNanos = System.nanoTime();
  }

  void report(String curve, double value) {
    means.computeIfAbsent(curve, name -> new Mean()).add(value);
  }

  void processed(String unit, long count) {
    counts.merge(unit, count, Long::sum);
  }

  /** Publishes when enough iterations have passed since the last time, or at the end. */
  void boundary(long done, long total, boolean ended) {
    long iterations = done - publishedAt;
    if (iterations == 0 || (!ended && iterations < Math.max(1, total / POINTS))) {
      return;
    }
    long now = System.nanoTime();
    double seconds = Math.max(1, now - publishedNanos) / 1e9;
    means.forEach((curve, mean) -> publish(curve, (double) done, mean.take()));
    counts.forEach(
        (unit, count) -> publish(unit + "_per_second", (double) done, (double) count / seconds));
    publish("iterations_per_second", (double) done, (double) iterations / seconds);
    means.clear();
    counts.clear();
    publishedAt = done;
    publishedNanos = now;
  }

  Map<String, Double> newest() {
    return newest;
  }

  private void publish(String curve, double iteration, double value) {
    newest.put(curve, value);
    progress.metric(curve, iteration, value);
  }

  private static final class Mean {
    private double sum;
    private long count;

    void add(double value) {
      sum += value;
      count++;
    }

    double take() {
      return sum / (double) count;
    }
  }
}
