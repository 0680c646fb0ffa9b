// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.time.Duration;
import java.util.Arrays;

/** Latencies of requests that were answered. */
final class Latencies {
  private final long[] sortedNanos;

  Latencies(long[] nanos) {
    sortedNanos = nanos.clone();
    Arrays.sort(sortedNanos);
  }

  /**
   * The latency that {@code percent} of the requests did not exceed (nearest rank).
   *
   * @param percent above 0, at most 100
   */
  Duration percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sortedNanos.length);
    return Duration.ofNanos(sortedNanos[Math.max(rank, 1) - 1]);
  }
}
