// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.task.Task;
import jakarta.enterprise.context.ApplicationScoped;

/** A task that takes a moment. */
@ApplicationScoped
public class Squares {
  @Task
  public long square(long number, int millis) throws InterruptedException {
    Thread.sleep(millis);
    return number * number;
  }
}
