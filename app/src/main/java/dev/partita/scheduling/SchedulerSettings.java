// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.time.Duration;

/**
 * How the scheduler weighs waiting.
 *
 * @param patience how long others may overtake work that does not fit before nodes are kept free
 *     for it
 * @param lookAhead how long a placement is taken to last when shares are compared; about what a
 *     partition takes
 * @param memory how long a node that is gone still counts as one that could run something
 */
public record SchedulerSettings(Duration patience, Duration lookAhead, Duration memory) {
  public static final SchedulerSettings DEFAULT =
      new SchedulerSettings(Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(10));
}
