// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.batch.InstanceQuery;
import dev.partita.batch.InstanceState;
import dev.partita.batch.JobHistory;
import dev.partita.serve.ModelServer;
import dev.partita.tensor.NativeMemory;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** Gauges that are read when somebody asks: memory, queues, jobs by state. */
@ApplicationScoped
public class ProcessMetrics {
  private static final int MOST_COUNTED = 10_000;

  @Inject private MeterRegistry registry;
  @Inject private JobHistory history;
  @Inject private ModelServer models;

  void atStart(@Observes @Initialized(ApplicationScoped.class) Object started, JobMetrics jobs) {
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
    for (InstanceState state : EnumSet.of(InstanceState.SUBMITTED, InstanceState.DISPATCHED)) {
      Gauge.builder("partita_jobs", () -> count(state))
          .description("Job instances that wait (submitted) or run (dispatched), at most 10000")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private int count(InstanceState state) {
    return history
        .search(
            new InstanceQuery(
                List.of(),
                null,
                null,
                EnumSet.of(state),
                InstanceQuery.Text.ANY,
                List.of(),
                0,
                MOST_COUNTED))
        .size();
  }
}
