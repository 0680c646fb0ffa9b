// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The object store's own benchmark, a program of the native module. */
final class StoreBench {
  private StoreBench() {}

  static List<Figure> run() {
    Path root = Checkout.find().root();
    Path scratch = root.resolve("it/target/store-bench");
    try {
      Files.createDirectories(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String program = root.resolve("native/target/cmake/store_bench").toString();
    Program.run(List.of(program, scratch.toString()), Map.of());
    return List.of();
  }
}
