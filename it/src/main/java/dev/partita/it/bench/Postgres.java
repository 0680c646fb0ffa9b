// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The PostgreSQL that is installed. */
final class Postgres {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private Postgres() {}

  /** The server program of its newest version. */
  static Path program() {
    try (Stream<Path> found =
        Files.isDirectory(VERSIONS) ? Files.list(VERSIONS) : Stream.<Path>empty()) {
      return found
          .map(version -> version.resolve("bin/postgres"))
          .filter(Files::isExecutable)
          .max(Path::compareTo)
          .orElseThrow(
              () -> new IllegalStateException("PostgreSQL is missing: apt-get install postgresql"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + VERSIONS, e);
    }
  }
}
