// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import java.time.Duration;

/**
 * The pods that one attempt of a gang runs on, as one of them sees the others. One thread gathers
 * at a time; all pods make the same calls in the same order. When one is gone, leaves or fails,
 * every wait of the others ends at once, and so does every later one.
 */
public interface GangPeers extends AutoCloseable {
  /** A gang on one pod: it gathers what it gives. */
  GangPeers ALONE = new LonePod();

  /** Number of pods, at least 1. */
  int pods();

  /** This one, from 0. */
  int pod();

  /**
   * What each pod gave to this call, by pod; blocks until all have given.
   *
   * @param mine at most 1 GiB
   * @throws dev.partita.error.PartitaException GANG_ABORTED when a pod failed, left or is gone;
   *     TIMEOUT
   */
  byte[][] allGather(byte[] mine, Duration timeout);

  /** Ends the gang on all pods; what waits here ends too. The first reason counts. Any thread. */
  void abort(String reason);

  /** Leaves, when nothing is to be gathered any more. */
  @Override
  void close();
}
