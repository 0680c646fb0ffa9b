// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;

/** One text file per execution, written while it runs. Safe for any thread. */
@ApplicationScoped
public class JobLog {

  /** Appends one line, with the time before it; line breaks inside become spaces. */
  public void append(long executionId, String line) {
    throw new UnsupportedOperationException();
  }

  /** Where the log of the execution is; the file exists once something was written. */
  public Path file(long executionId) {
    throw new UnsupportedOperationException();
  }
}
