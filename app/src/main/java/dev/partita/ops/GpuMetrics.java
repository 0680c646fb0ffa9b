// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.tensor.GpuDevice;
import dev.partita.tensor.GpuDevices;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.ToDoubleFunction;

/**
 * Memory, utilisation and energy of each GPU; on a machine without one there are no such meters.
 */
@ApplicationScoped
public class GpuMetrics {
  @Inject private MeterRegistry registry;

  void atStart(@Observes @Initialized(ApplicationScoped.class) Object started) {
    for (GpuDevice device : GpuDevices.list()) {
      Tags tags = Tags.of("gpu", Integer.toString(device.index()), "uuid", device.uuid());
      gauge("partita_gpu_memory_bytes", "Memory of the GPU", tags, device, GpuDevice::totalBytes);
      gauge(
          "partita_gpu_memory_used_bytes",
          "Memory of the GPU in use, by whomever",
          tags,
          device,
          GpuDevice::usedBytes);
      gauge(
          "partita_gpu_utilization_ratio",
          "Share of the last moment in which the GPU computed",
          tags,
          device,
          GpuDevice::utilization);
      if (device.joules().isPresent()) {
        FunctionCounter.builder(
                "partita_gpu_energy", device, d -> now(d, g -> g.joules().orElse(Double.NaN)))
            .description("Energy since the driver was loaded")
            .baseUnit("joules")
            .tags(tags)
            .register(registry);
      }
    }
  }

  private void gauge(
      String name,
      String description,
      Tags tags,
      GpuDevice device,
      ToDoubleFunction<GpuDevice> value) {
    Gauge.builder(name, device, d -> now(d, value))
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /** What the device says now; NaN if it has gone. */
  private static double now(GpuDevice device, ToDoubleFunction<GpuDevice> value) {
    return GpuDevices.list().stream()
        .filter(d -> d.uuid().equals(device.uuid()))
        .mapToDouble(value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
