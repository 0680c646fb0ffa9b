// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.Resources;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The places of a pod, as resources of names that no job can write: a partition takes one of those
 * that compute, or with {@code cpu=0} one of those that wait.
 */
public final class Places {
  private static final String COMPUTING = "partition permits";
  private static final String WAITING = "waiting permits";

  private Places() {}

  /** What a pod offers. */
  public static Resources offered(
      int cpus, int gpus, long memoryBytes, int permits, int waitingPermits) {
    SortedMap<String, Long> places = new TreeMap<>();
    places.put(COMPUTING, permits * Resources.MILLI);
    places.put(WAITING, waitingPermits * Resources.MILLI);
    return new Resources(cpus * Resources.MILLI, gpus * Resources.MILLI, memoryBytes, places);
  }

  /** What a partition takes that asks for this. */
  static Resources with(Resources asked) {
    SortedMap<String, Long> custom = new TreeMap<>(asked.customMilli());
    custom.put(asked.cpuMilli() > 0 ? COMPUTING : WAITING, Resources.MILLI);
    return new Resources(asked.cpuMilli(), asked.gpuMilli(), asked.memoryBytes(), custom);
  }
}
