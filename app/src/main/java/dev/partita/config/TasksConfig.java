// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.time.Duration;

/**
 * Keys {@code partita.cancel.*} and {@code partita.tasks.*}.
 *
 * @param cancelGrace how long what was cancelled may take to end before it is counted as fenced
 * @param maxPending calls of this pod that have not ended, at most
 */
public record TasksConfig(Duration cancelGrace, int maxPending) {
  static TasksConfig read(ConfigReader keys) {
    return new TasksConfig(
        keys.duration("partita.cancel.grace", Duration.ZERO, Duration.ofHours(1)),
        keys.integer("partita.tasks.max-pending", 1, 10_000_000));
  }
}
