// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The scheduler's own benchmark. It lies among the tests of app, which a benchmark does not
 * compile, so Java runs it from its source.
 */
final class SchedulingBench {
  private static final long MINUTES = 5;

  private SchedulingBench() {}

  static List<Figure> run() {
    Path app = Checkout.find().root().resolve("app");
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-classpath",
                app.resolve("target/classes").toString(),
                app.resolve("src/test/java/dev/partita/scheduling/SchedulingBench.java").toString())
            .inheritIO();
    try {
      Process program = command.start();
      if (!program.waitFor(MINUTES, TimeUnit.MINUTES)) {
        program.destroyForcibly();
        throw new IllegalStateException("The bench did not end within " + MINUTES + " minutes");
      }
      if (program.exitValue() != 0) {
        throw new IllegalStateException("It failed with " + program.exitValue());
      }
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + command.command(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
