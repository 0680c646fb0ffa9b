// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A benchmark that is a program of its own and prints its figures itself. */
final class Program {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Program() {}

  /** Returns when it has ended well; its output is ours. */
  static void run(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    try {
      Process program = builder.start();
      if (!program.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        program.destroyForcibly();
        throw new IllegalStateException(command.get(0) + " did not end within " + LONGEST);
      }
      if (program.exitValue() != 0) {
        throw new IllegalStateException(command.get(0) + " failed with " + program.exitValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
