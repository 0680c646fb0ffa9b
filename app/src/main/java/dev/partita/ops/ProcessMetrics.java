// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.batch.EngineLoad;
import dev.partita.batch.JobEngine;
import dev.partita.isolation.Workers;
import dev.partita.serve.ModelServer;
import dev.partita.tensor.NativeMemory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.ToIntFunction;

/** Gauges that are read when somebody asks: memory, queues, jobs by state. */
@ApplicationScoped
public class ProcessMetrics {
  @Inject private MeterRegistry registry;
  @Inject private JobEngine engine;
  @Inject private ModelServer models;
  @Inject private Workers workers;

  void atStart(
      @Observes @Initialized(ApplicationScoped.class) Object started,
      JobMetrics jobs,
      StoreMetrics storeMetrics,
      TaskMetrics tasks) {
    jobs.describe();
    Gauge.builder("partita_native_bytes", NativeMemory::heldBytes)
        .description("Memory held by the native core")
        .register(registry);
    Gauge.builder("partita_process_resident_bytes", NativeMemory::residentBytes)
        .description("Resident set of the server process")
        .register(registry);
    Gauge.builder("partita_inference_queue_texts", models::queued)
        .description("Texts waiting for a batch")
        .register(registry);
    FunctionCounter.builder("partita_model_texts_total", models, m -> m.computeTime().texts())
        .description("Texts that models of this process have classified, for jobs and callers")
        .register(registry);
    FunctionCounter.builder("partita_model_compute", models, m -> m.computeTime().seconds())
        .description("Time models of this process have computed, added up over threads")
        .baseUnit("seconds")
        .register(registry);
    FunctionCounter.builder("partita_fenced_writes_total", engine, e -> e.load().refusedWrites())
        .description("Transactions refused because their partition was taken over")
        .register(registry);
    gauge("partita_jobs_active", "Executions that run", EngineLoad::activeJobs);
    gauge("partita_jobs_waiting", "Executions that wait for their turn", EngineLoad::waitingJobs);
    gauge("partita_partitions_active", "Partitions that run", EngineLoad::activePartitions);
    gauge(
        "partita_placements_waiting",
        "Partitions or gangs that wait for places",
        EngineLoad::waitingPlacements);
    Gauge.builder("partita_workers", workers::open)
        .description("Workers that have not ended, threads and child JVMs")
        .register(registry);
    storeMetrics.describe();
    tasks.describe();
  }

  private void gauge(String name, String description, ToIntFunction<EngineLoad> value) {
    Gauge.builder(name, () -> value.applyAsInt(engine.load()))
        .description(description)
        .register(registry);
  }
}
