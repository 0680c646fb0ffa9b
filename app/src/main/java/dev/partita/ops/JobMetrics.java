// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.batch.EventType;
import dev.partita.batch.JobEvent;
import dev.partita.batch.JobEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the jobs of this process tell about themselves, from the events as they are
 * published. Never slows a job: each event is a few additions.
 */
@ApplicationScoped
public class JobMetrics {
  /** A rate nobody renewed for so long is over. */
  private static final long STALE_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Set<String> UNITS = Set.of("iterations", "texts");
  private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "STOPPED", "ABANDONED");

  private record Worker(long executionId, @Nullable String step, @Nullable Integer partition) {}

  private record Progress(String unit, long done, double perSecond, long atNanos) {}

  private final Map<Worker, Progress> workers = new ConcurrentHashMap<>();
  private final AtomicLong lossBits = new AtomicLong(Double.doubleToLongBits(Double.NaN));
  @Inject private MeterRegistry registry;
  @Inject private JobEvents events;

  /**
   * Starts counting; registers every meter, so that each is there, at zero, before its first event.
   */
  void describe() {
    events.listen(this::on);
    for (String unit : UNITS) {
      Gauge.builder("partita_" + unit + "_per_second", () -> rate(unit))
          .description("Work done by running steps now: " + unit + " a second")
          .register(registry);
      work(unit);
    }
    Gauge.builder("partita_train_loss", () -> Double.longBitsToDouble(lossBits.get()))
        .description("Training loss told last, mean per text")
        .register(registry);
    for (String status : ENDED) {
      ended("job_executions", status);
      ended("partitions", status);
    }
    checkpointSeconds();
    checkpointBytes();
  }

  private void on(JobEvent event) {
    Worker worker = new Worker(event.executionId(), event.step(), event.partition());
    EventType type = event.type();
    Map<String, Object> fields = event.fields();
    if (type == EventType.PROGRESS) {
      progress(worker, fields);
    } else if (type == EventType.METRIC && "loss".equals(fields.get("name"))) {
      lossBits.set(Double.doubleToLongBits(number(fields.get("value"))));
    } else if (type == EventType.CHECKPOINT) {
      checkpointSeconds().record(Duration.ofNanos((long) (1e9 * number(fields.get("seconds")))));
      checkpointBytes().record(number(fields.get("bytes")));
    } else if (type == EventType.JOB || type == EventType.PARTITION) {
      String status = String.valueOf(fields.get("batchStatus"));
      if (ENDED.contains(status)) {
        ended(type == EventType.JOB ? "job_executions" : "partitions", status).increment();
        workers.keySet().removeIf(known -> over(known, event));
      }
    }
  }

  private void progress(Worker worker, Map<String, Object> fields) {
    String unit = String.valueOf(fields.get("unit"));
    if (!UNITS.contains(unit)) {
      return;
    }
    long done = (long) number(fields.get("done"));
    Progress now = new Progress(unit, done, number(fields.get("ratePerSecond")), System.nanoTime());
    Progress before = workers.put(worker, now);
    if (before != null && done > before.done()) {
      work(unit).increment((double) (done - before.done()));
    }
  }

  private double rate(String unit) {
    long now = System.nanoTime();
    return workers.values().stream()
        .filter(worker -> worker.unit().equals(unit) && now - worker.atNanos() < STALE_NANOS)
        .mapToDouble(Progress::perSecond)
        .sum();
  }

  private static boolean over(Worker worker, JobEvent ended) {
    return worker.executionId() == ended.executionId()
        && (ended.type() == EventType.JOB
            || (Objects.equals(worker.step(), ended.step())
                && Objects.equals(worker.partition(), ended.partition())));
  }

  private Counter work(String unit) {
    return Counter.builder("partita_" + unit + "_total")
        .description("Work done by steps: " + unit)
        .register(registry);
  }

  private Counter ended(String what, String status) {
    return Counter.builder("partita_" + what + "_total")
        .description("Ended " + what.replace('_', ' ') + " by status")
        .tag("status", status.toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private Timer checkpointSeconds() {
    return Timer.builder("partita_checkpoint_seconds")
        .description("Time from the snapshot to the committed row of a checkpoint")
        .serviceLevelObjectives(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10))
        .register(registry);
  }

  private DistributionSummary checkpointBytes() {
    return DistributionSummary.builder("partita_checkpoint_bytes")
        .description("Size of a checkpoint")
        .baseUnit("bytes")
        .register(registry);
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }
}
