// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.util.ArrayList;
import java.util.List;

/** The peers' figures of a door under load: with 1 and with 32 connections. */
final class ServeFigures {
  private static final int RUNS = 3;
  private static final int WARM_UP_SECONDS = 5;
  private static final int CONNECTIONS = 32;

  private ServeFigures() {}

  /** Measures {@code target}, beside what {@code bare}, a door that does no work, gives. */
  static List<Figure> measure(
      String workload, Wrk target, int seconds, Wrk bare, String whatBareIs) {
    List<Figure> limits = measure(workload, bare, seconds);
    List<Figure> figures = measure(workload, target, seconds);
    List<Figure> beside = new ArrayList<>();
    for (int i = 0; i < figures.size(); i++) {
      beside.add(figures.get(i).within(limits.get(i).median(), whatBareIs));
    }
    return beside;
  }

  private static List<Figure> measure(String workload, Wrk target, int seconds) {
    target.run(WARM_UP_SECONDS, CONNECTIONS);
    List<Wrk.Result> one = runs(target, seconds, 1);
    List<Wrk.Result> many = runs(target, seconds, CONNECTIONS);
    return List.of(
        figure(workload, "latency_1_connection_p50", "ms", one, Column.P50),
        figure(workload, "latency_1_connection_p99", "ms", one, Column.P99),
        figure(workload, "throughput_1_connection", "req/s", one, Column.RATE),
        figure(workload, "throughput", "req/s", many, Column.RATE),
        figure(workload, "latency_p50", "ms", many, Column.P50),
        figure(workload, "latency_p99", "ms", many, Column.P99));
  }

  private enum Column {
    RATE,
    P50,
    P99;

    double of(Wrk.Result result) {
      return switch (this) {
        case RATE -> result.requestsPerSecond();
        case P50 -> result.p50Millis();
        case P99 -> result.p99Millis();
      };
    }
  }

  private static List<Wrk.Result> runs(Wrk target, int seconds, int connections) {
    List<Wrk.Result> results = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      results.add(target.run(seconds, connections));
    }
    return results;
  }

  private static Figure figure(
      String workload, String name, String unit, List<Wrk.Result> results, Column column) {
    return Figure.of(workload, name, unit, results.stream().map(column::of).toList());
  }
}
