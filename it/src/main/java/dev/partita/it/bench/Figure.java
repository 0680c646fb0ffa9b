// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * One measured figure.
 *
 * @param runs what each run found, in {@code unit}
 * @param limit what the same machine allows at best, or does plainly in one process, in {@code
 *     unit}; NaN when there is no such figure
 * @param limitIs what {@code limit} is, in words; empty without one
 */
record Figure(
    String workload, String figure, String unit, List<Double> runs, double limit, String limitIs) {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  Figure {
    runs = runs.stream().sorted().toList();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("No run of " + workload + " " + figure);
    }
  }

  static Figure of(String workload, String figure, String unit, List<Double> runs) {
    return new Figure(workload, figure, unit, runs, Double.NaN, "");
  }

  /** The same figure beside its limit. */
  Figure within(double newLimit, String what) {
    return new Figure(workload, figure, unit, runs, newLimit, what);
  }

  double median() {
    int middle = runs.size() / 2;
    return runs.size() % 2 == 1 ? runs.get(middle) : (runs.get(middle - 1) + runs.get(middle)) / 2;
  }

  /**
   * One line of JSON.
   *
   * @param load the machine's, before the measuring began
   */
  String json(BigDecimal load) {
    JsonObjectBuilder line =
        Json.createObjectBuilder()
            .add("peer", "partita")
            .add("workload", workload)
            .add("figure", figure)
            .add("unit", unit)
            .add("median", digits(median()))
            .add("min", digits(runs.get(0)))
            .add("max", digits(runs.get(runs.size() - 1)))
            .add("runs", runs.size());
    if (Double.isNaN(limit)) {
      line.addNull("limit");
    } else {
      line.add("limit", digits(limit)).add("limit_is", limitIs);
    }
    return line.add("load1", load).build().toString();
  }

  private static BigDecimal digits(double value) {
    return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros();
  }
}
