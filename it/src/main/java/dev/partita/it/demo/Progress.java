// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import jakarta.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How far one step, or one partition of it, was when it last said so.
 *
 * @param partition null when the step is not partitioned
 * @param total 0 when unknown
 * @param ratePerSecond of {@code unit}; 0 when unknown
 */
record Progress(
    String step,
    @Nullable Integer partition,
    long done,
    long total,
    String unit,
    double ratePerSecond) {

  static Progress of(JsonObject event) {
    return new Progress(
        event.getString("step"),
        event.containsKey("partition") && !event.isNull("partition")
            ? Integer.valueOf(event.getInt("partition"))
            : null,
        event.getJsonNumber("done").longValue(),
        event.getJsonNumber("total").longValue(),
        event.getString("unit", ""),
        event.containsKey("ratePerSecond") && !event.isNull("ratePerSecond")
            ? event.getJsonNumber("ratePerSecond").doubleValue()
            : 0);
  }

  /** Step and partition, as the key of a map in display order. */
  String place() {
    return partition == null ? step : "%s %2d".formatted(step, partition);
  }

  boolean finished() {
    return total > 0 && done >= total;
  }
}
