// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.List;

/**
 * AdamW for embedding rows: first moment per element, second moment one scalar per row (FBGEMM's
 * "partial row-wise Adam"); only rows that have a gradient are touched. The state covers the whole
 * embedding; ranks that share it may step at once, each with a merge of its own rows.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class RowwiseAdamW implements AutoCloseable {
  public RowwiseAdamW(BagModel model, AdamWConfig config) {}

  /**
   * Updates the rows that {@code merged} holds.
   *
   * @param iteration counts from 1, for the bias correction
   */
  public void step(GradientMerge merged, float learningRate, long iteration) {
    throw new UnsupportedOperationException("being written");
  }

  /** The optimizer's state, for checkpoints. */
  public List<NamedRegion> state() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {}
}
