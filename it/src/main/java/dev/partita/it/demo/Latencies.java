// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.time.Duration;
import java.util.Arrays;

/** Latencies of requests that were answered, sorted. */
record Latencies(long[] nanos) {
  Latencies {
    nanos = nanos.clone();
    Arrays.sort(nanos);
  }

  /**
   * The latency that {@code percent} of the requests did not exceed (nearest rank).
   *
   * @param percent above 0, at most 100
   */
  Duration percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * nanos.length);
    return Duration.ofNanos(nanos[Math.max(rank, 1) - 1]);
  }
}
