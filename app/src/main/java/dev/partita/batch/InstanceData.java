// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;
import java.util.Optional;

/**
 * What a room keeps of job instances beside the engine's own rows. Every CDI bean of this type is
 * asked; all methods may be called from any thread.
 */
public interface InstanceData {
  /** Deletes the rows that belong to the instance alone; runs in the purge's transaction. */
  void purge(long instanceId);

  /**
   * Deletes files that belong to nobody any more. Called after every purge is committed and at each
   * start, so that a process that dies between rows and files leaves nothing for good.
   */
  default void sweep() {}

  /**
   * When work of the instance was last committed here, by the database's clock; empty if it never
   * was.
   */
  default Optional<Instant> lastCommit(long instanceId) {
    return Optional.empty();
  }
}
