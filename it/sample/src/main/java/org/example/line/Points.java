// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package org.example.line;

import dev.partita.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Random;

/** Points that nobody has to store. */
@ApplicationScoped
public class Points {
  /** A task: the mean of points drawn from 0 to 1, the same for the same seed. */
  @Task
  public double mean(long seed, int count) {
    return new Random(seed).doubles(count).average().orElse(0);
  }
}
