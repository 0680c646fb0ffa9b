// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.CheckpointRun;

/**
 * What the ranks of one training agree on before they start.
 *
 * @param gangId names this execution of the training; a later execution has another one
 * @param checkpointEvery iterations from one checkpoint to the next, at least 1
 */
public record TrainingRun(
    String gangId,
    int ranks,
    Parameters parameters,
    CheckpointRun checkpoints,
    int checkpointEvery) {
  public TrainingRun {
    if (ranks < 1) {
      throw new IllegalArgumentException("ranks=" + ranks);
    }
  }
}
