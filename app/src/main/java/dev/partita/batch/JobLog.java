// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.config.PodClock;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/** One text file per execution, written while it runs. Safe for any thread. */
@ApplicationScoped
public class JobLog {
  private final Path directory;

  /** For the container's proxy only. */
  protected JobLog() {
    this.directory = Path.of("");
  }

  @Inject
  public JobLog(PartitaConfig config) {
    this.directory = config.outputDirectory().resolve("logs").resolve("joblogs");
  }

  /** Appends one line, with the time before it; line breaks inside become spaces. */
  public void append(long executionId, String line) {
    append(executionId, List.of(line(PodClock.now(), line)));
  }

  /** Where the log of the execution is; the file exists once something was written. */
  public Path file(long executionId) {
    return directory.resolve("execution-" + executionId + ".log");
  }

  /** Appends lines made by {@link #line}. */
  synchronized void append(long executionId, List<String> lines) {
    try {
      Files.createDirectories(directory);
      Files.write(file(executionId), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "Cannot write the job log " + file(executionId), e);
    }
  }

  static String line(Instant time, String text) {
    return time + " " + text.replace('\n', ' ').replace('\r', ' ');
  }

  void delete(long executionId) {
    try {
      Files.deleteIfExists(file(executionId));
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "Cannot delete the job log " + file(executionId), e);
    }
  }
}
