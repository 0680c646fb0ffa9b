// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.Optional;

/**
 * How often a bundle is tried.
 *
 * @param attempts times it may run and fail by itself, at least 1
 * @param preemptions times it may be moved away from nodes that drain
 * @param nodesLost nodes that may die under it in a row before it is not given a further one
 */
public record RetryPolicy(int attempts, int preemptions, int nodesLost) {
  /** Work under which so many nodes died in a row is not given a further one. */
  public static final int QUARANTINE_AFTER = 3;

  /** Fails with its first failure, as JSR-352 has it; may be moved often. */
  public static final RetryPolicy DEFAULT = new RetryPolicy(1, 100);

  public RetryPolicy(int attempts, int preemptions) {
    this(attempts, preemptions, QUARANTINE_AFTER);
  }

  public RetryPolicy quarantinedAfter(int nodes) {
    return new RetryPolicy(attempts, preemptions, nodes);
  }

  /** Why it is not tried again; empty: it is. */
  public Optional<String> exhausted(AttemptHistory history) {
    if (history.nodesLost() >= nodesLost) {
      return Optional.of(
          "quarantined: "
              + history.nodesLost()
              + " nodes in a row died under it, with nothing committed in between");
    }
    if (history.failures() >= attempts) {
      return Optional.of("failed in " + history.failures() + " of " + attempts + " attempts");
    }
    if (history.preemptions() > preemptions) {
      return Optional.of(
          "moved " + history.preemptions() + " times; at most " + preemptions + " are allowed");
    }
    return Optional.empty();
  }
}
