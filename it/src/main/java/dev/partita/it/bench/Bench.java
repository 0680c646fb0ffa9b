// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs the benchmarks one after the other and prints a line of JSON per figure. Everything else
 * that is printed does not begin with a brace.
 */
public final class Bench {
  private Bench() {}

  /** Takes no arguments; {@code -Dpartita.bench.parts=core,serve} runs only those parts. */
  public static void main(String[] args) {
    Map<String, Supplier<List<Figure>>> parts = new LinkedHashMap<>();
    parts.put("core", CoreBench::run);
    parts.put("tasks", TaskBench::run);
    parts.put("store", StoreBench::run);
    parts.put("scheduling", SchedulingBench::run);
    parts.put("partitions", PartitionsBench::run);
    parts.put("kernels", KernelBench::run);
    parts.put("wordnet", WordnetBench::run);
    parts.put("serve", ServeBench::run);
    String usual = String.join(",", parts.keySet());
    // Takes longer than all the others together.
    parts.put("failover", FailoverBench::run);
    Set<String> wanted = Set.of(System.getProperty("partita.bench.parts", usual).split(","));
    parts.forEach(
        (name, part) -> {
          if (wanted.contains(name)) {
            System.out.println("# " + name);
            BigDecimal load = load();
            part.get().forEach(figure -> System.out.println(figure.json(load)));
          }
        });
  }

  /** How busy the machine was with other things: figures of a busy machine say little. */
  static BigDecimal load() {
    try {
      return new BigDecimal(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the machine's load", e);
    }
  }
}
