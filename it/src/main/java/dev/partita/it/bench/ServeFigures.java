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
    bare.run(WARM_UP_SECONDS, CONNECTIONS);
    target.run(WARM_UP_SECONDS, CONNECTIONS);
    List<Runs> both = List.of(new Runs(), new Runs());
    for (int connections : new int[] {1, CONNECTIONS}) {
      // In turn: what makes the machine slow for a while makes both slow.
      for (int i = 0; i < RUNS; i++) {
        both.get(0).of(connections).add(bare.run(seconds, connections));
        both.get(1).of(connections).add(target.run(seconds, connections));
      }
    }
    List<Figure> limits = figures(workload, both.get(0));
    List<Figure> figures = figures(workload, both.get(1));
    List<Figure> beside = new ArrayList<>();
    for (int i = 0; i < figures.size(); i++) {
      beside.add(figures.get(i).within(limits.get(i).median(), whatBareIs));
    }
    return beside;
  }

  private static List<Figure> figures(String workload, Runs runs) {
    return List.of(
        figure(workload, "latency_1_connection_p50", "ms", runs.one, Column.P50),
        figure(workload, "latency_1_connection_p99", "ms", runs.one, Column.P99),
        figure(workload, "throughput_1_connection", "req/s", runs.one, Column.RATE),
        figure(workload, "throughput", "req/s", runs.many, Column.RATE),
        figure(workload, "latency_p50", "ms", runs.many, Column.P50),
        figure(workload, "latency_p99", "ms", runs.many, Column.P99));
  }

  /** Of one door, with one connection and with many. */
  private record Runs(List<Wrk.Result> one, List<Wrk.Result> many) {
    Runs() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    List<Wrk.Result> of(int connections) {
      return connections == 1 ? one : many;
    }
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

  private static Figure figure(
      String workload, String name, String unit, List<Wrk.Result> results, Column column) {
    return Figure.of(workload, name, unit, results.stream().map(column::of).toList());
  }
}
