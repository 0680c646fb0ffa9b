// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Reads the proportional set size (PSS) of processes from Linux's smaps_rollup. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /** Bytes of the process and its descendants; pages shared between them count once. */
  public static long pssBytes(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToLong(p -> pssBytes(p.pid()))
        .sum();
  }

  private static long pssBytes(long pid) {
    Path rollup = Path.of("/proc", Long.toString(pid), "smaps_rollup");
    try {
      return Files.readAllLines(rollup).stream()
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (NoSuchFileException e) {
      return 0; // ended since it was listed
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + rollup, e);
    }
  }
}
