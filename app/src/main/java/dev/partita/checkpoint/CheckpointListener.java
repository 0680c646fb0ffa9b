// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.time.Duration;

/** Hears what became of the checkpoints of a {@link CheckpointWriter}, on the writer's thread. */
public interface CheckpointListener {
  /**
   * A checkpoint is committed.
   *
   * @param stall how long the training stood still for it
   * @param write from the first byte to the row
   */
  void written(Checkpoint checkpoint, Duration stall, Duration write);

  /** A checkpoint could not be written; the former one stays the newest. */
  void failed(long iteration, RuntimeException cause);
}
