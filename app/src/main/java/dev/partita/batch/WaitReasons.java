// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Says of steps that wait why they do, in their rows and to a listener. */
final class WaitReasons {
  /** Whoever waits shorter is not told why, and not told anew more often than that. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** So that a thousand steps that wait do not keep the leader from placing. */
  private static final int MOST_IN_A_ROUND = 20;

  private final PlacementRepository rows;
  private final Scheduler scheduler;
  private final Listener listener;

  WaitReasons(PlacementRepository rows, Scheduler scheduler, Listener listener) {
    this.rows = rows;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  /** Hears that the partitions of a step wait, and why. */
  @FunctionalInterface
  interface Listener {
    void waits(StepDemand step, String reason);
  }

  void say(Collection<PlacedStep> steps, Instant now) {
    int said = 0;
    long millis = now.toEpochMilli();
    for (PlacedStep step : steps) {
      if (step.waiting.isEmpty()) {
        step.waitsSinceMillis = 0;
      } else if (step.waitsSinceMillis == 0) {
        step.waitsSinceMillis = millis;
      } else if (millis - step.waitsSinceMillis >= PATIENCE.toMillis() && said < MOST_IN_A_ROUND) {
        step.waitsSinceMillis = millis;
        said += say(step) ? 1 : 0;
      }
    }
  }

  private boolean say(PlacedStep step) {
    String reason = scheduler.waitingReason(step.id()).orElse("");
    if (reason.isEmpty() || reason.equals(step.waits)) {
      return false;
    }
    step.waits = reason;
    rows.waits(step.step.demand().stepExecutionId(), reason);
    listener.waits(step.step.demand(), reason);
    return true;
  }
}
