// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The object store's own benchmark, a program of the native module that prints its figures. */
final class StoreBench {
  private static final long MINUTES = 5;

  private StoreBench() {}

  static List<Figure> run() {
    Path root = Checkout.find().root();
    try {
      Path scratch = Files.createDirectories(root.resolve("it/target/store-bench"));
      Process program =
          new ProcessBuilder(
                  root.resolve("native/target/cmake/store_bench").toString(), scratch.toString())
              .inheritIO()
              .start();
      if (!program.waitFor(MINUTES, TimeUnit.MINUTES)) {
        program.destroyForcibly();
        throw new IllegalStateException("store_bench did not end within " + MINUTES + " minutes");
      }
      if (program.exitValue() != 0) {
        throw new IllegalStateException("store_bench failed with " + program.exitValue());
      }
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
