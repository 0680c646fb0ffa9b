// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.Checkpoint;
import java.time.Duration;

/** What is told of a run, and what was told of it before this execution. Any thread. */
interface RunHistory {
  /** The largest iteration that any former execution told anybody about; 0 in a new run. */
  long lastSeenIteration();

  void checkpoint(Checkpoint checkpoint, Duration stall, Duration write);

  /**
   * The run goes on.
   *
   * @param furthest iterations a former execution had done, also those no checkpoint holds
   * @param resumedAt iterations that the checkpoint holds
   */
  void recovery(long furthest, long resumedAt);
}
