// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.CheckpointRun;

/**
 * What the ranks of one training agree on before they start.
 *
 * @param gangId names this attempt at the training; a later one has another
 * @param pods where the ranks are
 * @param checkpointEvery iterations from one checkpoint to the next, at least 1
 */
public record TrainingRun(
    String gangId,
    RankPods pods,
    Parameters parameters,
    CheckpointRun checkpoints,
    int checkpointEvery) {
  /** Number of ranks on all pods. */
  public int ranks() {
    return pods.ranks();
  }
}
