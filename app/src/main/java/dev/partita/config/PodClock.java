// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * This pod's clock, for times that are shown or kept. It may be wrong, in tests by {@code
 * partita.fault.clock-offset}: whatever pods decide together goes by the database's clock, and
 * whatever one decides alone by {@link System#nanoTime}.
 */
public final class PodClock {
  private static volatile Duration offset = Duration.ZERO;

  private PodClock() {}

  public static InstantSource source() {
    return PodClock::now;
  }

  public static Instant now() {
    return Instant.now().plus(offset);
  }

  static void shift(Duration by) {
    offset = by;
  }
}
