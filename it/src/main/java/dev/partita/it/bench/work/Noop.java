// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench.work;

import dev.partita.task.Task;
import jakarta.enterprise.context.ApplicationScoped;

/** A task that does nothing. */
@ApplicationScoped
public class Noop {
  private static final String OK = "ok";

  @Task
  public String noop() {
    return OK;
  }
}
