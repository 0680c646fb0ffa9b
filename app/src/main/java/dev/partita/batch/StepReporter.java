// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jberet.runtime.JobExecutionImpl;
import org.jspecify.annotations.Nullable;

/** The progress of a running step or partition, sent as events. */
final class StepReporter implements StepProgress {
  private static final long MIN_GAP_NANOS = Duration.ofMillis(250).toNanos();
  private static final double SMOOTHING = 0.3;

  private final JobExecutionImpl job;
  private final String step;
  private final @Nullable Integer partition;
  private final JobEvents events;
  private final InstantSource clock;
  private final ProgressMark mark;
  private long lastNanos;
  private long lastDone = -1;
  private double rate;

  StepReporter(
      JobExecutionImpl job,
      String step,
      @Nullable Integer partition,
      JobEvents events,
      InstantSource clock,
      ProgressMark mark) {
    this.job = job;
    this.step = step;
    this.partition = partition;
    this.events = events;
    this.clock = clock;
    this.mark = mark;
  }

  @Override
  public void progress(long done, long total, String unit) {
    mark.reach(done);
    Map<String, Object> fields;
    synchronized (this) {
      long now = System.nanoTime();
      boolean first = lastDone < 0;
      boolean last = done == total || stopRequested();
      if (!first && !last && now - lastNanos < MIN_GAP_NANOS) {
        return;
      }
      if (!first && now > lastNanos && done >= lastDone) {
        double latest = (done - lastDone) * 1e9 / (now - lastNanos);
        rate = rate == 0 ? latest : rate + SMOOTHING * (latest - rate);
      }
      lastNanos = now;
      lastDone = done;
      fields = new LinkedHashMap<>();
      fields.put("done", done);
      fields.put("total", total);
      fields.put("unit", unit);
      fields.put("ratePerSecond", Math.round(rate * 10) / 10.0);
    }
    publish(EventType.PROGRESS, fields);
  }

  @Override
  public long furthest() {
    return mark.former();
  }

  @Override
  public void resumed(long position, String unit) {
    if (furthest() > 0 || position > 0) {
      publish(EventType.RECOVERY, redone(position, furthest(), unit));
    }
  }

  /** The fields of a recovery event: where work goes on and how much is computed once more. */
  static Map<String, Object> redone(long position, long furthest, String unit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("resumedAt", position);
    fields.put("redone", Math.max(0, furthest - position));
    fields.put("unit", unit);
    return fields;
  }

  @Override
  public void metric(String name, double x, double value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("x", x);
    fields.put("value", value);
    publish(EventType.METRIC, fields);
  }

  @Override
  public void checkpoint(long iteration, long bytes, Duration took) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("iteration", iteration);
    fields.put("bytes", bytes);
    fields.put("seconds", took.toNanos() / 1e9);
    publish(EventType.CHECKPOINT, fields);
  }

  @Override
  public void log(String line) {
    publish(EventType.LOG, Map.of("line", line));
  }

  @Override
  public boolean stopRequested() {
    return job.isStopRequested();
  }

  @Override
  public long instanceId() {
    return job.getJobInstance().getInstanceId();
  }

  @Override
  public long executionId() {
    return job.getExecutionId();
  }

  @Override
  public String stepName() {
    return step;
  }

  @Override
  public @Nullable Integer partition() {
    return partition;
  }

  private void publish(EventType type, Map<String, Object> fields) {
    events.publish(
        new JobEvent(instanceId(), executionId(), step, partition, type, clock.instant(), fields));
  }
}
