// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.ProcessMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code core}: from nothing to the first result of a user's job, and what an idle server holds.
 */
final class CoreBench {
  private static final int RUNS = 3;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final String EMPTY = "start to ready of the same server without Partita";

  private CoreBench() {}

  static List<Figure> run() {
    List<Double> start = new ArrayList<>();
    List<Double> firstResult = new ArrayList<>();
    List<Double> idle = new ArrayList<>();
    double empty = emptyStartSeconds();
    for (int i = 0; i < RUNS; i++) {
      long began = System.nanoTime();
      try (BenchServer server = new BenchServer(Map.of())) {
        start.add(server.process().startTime().toNanos() / 1e9);
        server.complete("echo", Map.of("text", "1"));
        firstResult.add((System.nanoTime() - began) / 1e9);
        sleep(IDLE);
        idle.add(server.process().pssBytes() / 1024.0 / 1024);
      }
    }
    return List.of(
        Figure.of("core", "start_to_ready", "s", start).within(empty, EMPTY),
        Figure.of("core", "init_to_first_result", "s", firstResult).within(empty, EMPTY),
        Figure.of("core", "idle_pss", "MB", idle)
            .within(bareJvmMegabytes(), "a Java process that does nothing"));
  }

  /** The second of two starts: the first reads the server's files into memory. */
  private static double emptyStartSeconds() {
    double seconds = 0;
    for (int i = 0; i < 2; i++) {
      try (BenchServer server = BenchServer.withoutApplication()) {
        seconds = server.process().startTime().toNanos() / 1e9;
      }
    }
    return seconds;
  }

  private static double bareJvmMegabytes() {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-classpath",
            System.getProperty("java.class.path"),
            Idle.class.getName());
    try {
      Process process = command.start();
      try {
        sleep(Duration.ofSeconds(3));
        return ProcessMemory.pssBytes(process.toHandle()) / 1024.0 / 1024;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + command.command(), e);
    }
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
