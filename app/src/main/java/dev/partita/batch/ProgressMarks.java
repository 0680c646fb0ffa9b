// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The marks of all jobs of this machine: a folder for each instance that has not completed. */
record ProgressMarks(Path folder) {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  /** Under a server's output directory. */
  static ProgressMarks in(Path outputDirectory) {
    return new ProgressMarks(outputDirectory.resolve("progress"));
  }

  ProgressMark of(long instanceId, String step, @Nullable Integer partition) {
    String name = step.replaceAll("[^A-Za-z0-9_-]", "_");
    return ProgressMark.open(
        of(instanceId).resolve(partition == null ? name : name + "." + partition));
  }

  /** Forgets the instance's marks: it is complete or purged. */
  void delete(long instanceId) {
    Path gone = of(instanceId);
    if (!Files.isDirectory(gone)) {
      return;
    }
    try (Stream<Path> all = Files.walk(gone)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "The progress marks in {0} stay: {1}", gone, e);
    }
  }

  private Path of(long instanceId) {
    return folder.resolve(Long.toString(instanceId));
  }
}
