// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.objectstore.SharedStore;
import dev.partita.objectstore.StoreStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.ToLongFunction;

/** The pod's arena, read when somebody asks; all zero until it is open. */
@ApplicationScoped
public class StoreMetrics {
  @Inject private MeterRegistry registry;
  @Inject private SharedStore store;

  void describe() {
    gauge("arena_bytes", "Size of the object store's arena", StoreStatistics::arenaBytes);
    gauge("used_bytes", "Bytes of the arena that objects take", StoreStatistics::usedBytes);
    gauge("objects", "Objects, in the arena or spilled", StoreStatistics::objects);
    gauge("spilled_objects", "Objects that are on disk only", StoreStatistics::spilledObjects);
    gauge("pinned_objects", "Objects that a process holds", StoreStatistics::pinnedObjects);
    gauge("clients", "Handles on the arena, this server's included", StoreStatistics::clients);
    counter("spills", "Objects written to the spill folder", StoreStatistics::spills);
    counter("restores", "Objects brought back from it", StoreStatistics::restores);
    counter("reaped_clients", "Processes that died attached", StoreStatistics::reapedClients);
  }

  private void gauge(String name, String description, ToLongFunction<StoreStatistics> value) {
    Gauge.builder("partita_store_" + name, () -> read(value))
        .description(description)
        .register(registry);
  }

  private void counter(String name, String description, ToLongFunction<StoreStatistics> value) {
    FunctionCounter.builder(
            "partita_store_" + name + "_total", this, metrics -> metrics.read(value))
        .description(description)
        .register(registry);
  }

  private long read(ToLongFunction<StoreStatistics> value) {
    return store.statistics().map(value::applyAsLong).orElse(0L);
  }
}
