// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.time.Duration;

/**
 * Keys {@code partita.jobs.*}.
 *
 * @param maxActive executions that run at once; more wait in the order of submission
 * @param partitionPermits partitions that run at once; also the largest gang
 * @param recovery what happens at start to executions that a former process left running
 * @param quarantineAfter processes in a row that die under an execution, with nothing committed in
 *     between, until it is not started again by itself
 * @param lease how long a claim on a partition lasts without renewal
 */
public record JobsConfig(
    int maxActive, int partitionPermits, Recovery recovery, int quarantineAfter, Duration lease) {

  /** What happens to executions that a former process left running. */
  public enum Recovery {
    /** They are marked FAILED and a new execution of the same instance is started. */
    RESTART,
    /** They are marked FAILED and wait for somebody to restart them. */
    MANUAL
  }

  static JobsConfig read(ConfigReader keys) {
    return new JobsConfig(
        keys.integer("partita.jobs.max-active", 1, 10_000),
        keys.integer("partita.jobs.partition-permits", 0, 1_024),
        keys.choice("partita.jobs.recovery", Recovery.class),
        keys.integer("partita.jobs.quarantine-after", 1, 1_000_000),
        keys.duration("partita.jobs.lease", Duration.ofSeconds(2), Duration.ofMinutes(10)));
  }
}
