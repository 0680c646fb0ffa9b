// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.util.Map;

/**
 * Where a run is, apart from its tensors.
 *
 * @param iteration number of iterations done
 * @param last the run is complete: nobody resumes from here
 * @param cursor what the loop needs to go on: seed, epoch, position in the data
 * @param metrics the newest value of each curve
 */
public record CheckpointPoint(
    long iteration, boolean last, Map<String, String> cursor, Map<String, Double> metrics) {
  public CheckpointPoint {
    cursor = Map.copyOf(cursor);
    metrics = Map.copyOf(metrics);
  }
}
