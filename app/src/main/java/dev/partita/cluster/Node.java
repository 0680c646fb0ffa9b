// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.batch.Places;
import dev.partita.scheduling.Resources;
import java.time.Instant;
import java.util.Map;

/**
 * A pod as the others know it.
 *
 * @param id its {@code partita.server.id}
 * @param incarnation grows with each start, and after each lost lease
 * @param address where it hears doorbells, {@code host:port}
 * @param application content hash of what it runs; work moves only between equal ones
 * @param leaseUntil by the database's clock
 */
public record Node(
    String id,
    long incarnation,
    State state,
    String address,
    Map<String, String> labels,
    Capacity capacity,
    String application,
    String version,
    Instant joined,
    Instant leaseUntil) {

  /** A life is UP, perhaps DRAINING, and then for ever DEAD or LEFT. */
  public enum State {
    UP,
    /** It takes nothing new. */
    DRAINING,
    /** Its lease ran out, or it refused connections. */
    DEAD,
    /** It ended in good order. */
    LEFT
  }

  /**
   * What the pod offers in total.
   *
   * @param cpus {@code partita.node.cpus}, or what the machine or container has
   * @param memoryBytes of the machine or container
   * @param gpuModel of its first GPU; empty without one
   * @param gpuBytes memory of that GPU
   * @param permits partitions that compute at once
   * @param waitingPermits partitions with {@code cpu=0} that it holds at once
   */
  public record Capacity(
      int cpus,
      int gpus,
      long memoryBytes,
      String gpuModel,
      long gpuBytes,
      int permits,
      int waitingPermits) {
    /** As the scheduler counts it. */
    public Resources offered() {
      return Places.offered(cpus, gpus, memoryBytes, permits, waitingPermits);
    }
  }

  /** Names this life of the pod in leases. */
  public String holder() {
    return holder(id, incarnation);
  }

  static String holder(String id, long incarnation) {
    return id + "/" + incarnation;
  }

  boolean alive() {
    return state == State.UP || state == State.DRAINING;
  }
}
