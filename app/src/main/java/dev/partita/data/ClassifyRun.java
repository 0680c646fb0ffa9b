// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

/**
 * What a classify job set out to do. Written down once, so that a restart goes on with the same
 * model and the same ranges.
 *
 * @param version of the model, never "latest"
 * @param texts rows {@code [0, texts)} of the dataset are classified
 * @param partitions number of ranges they are cut into
 */
public record ClassifyRun(long instanceId, String model, int version, int texts, int partitions) {

  /** First row of a partition; that of the next one is where it ends. */
  public int firstRow(int partition) {
    return (int) ((long) texts * partition / partitions);
  }
}
