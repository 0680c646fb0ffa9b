// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.List;

/**
 * AdamW over the dense parameters in one pass. The state covers all of them; ranks that share it
 * may step at once, each with a merge of its own slice.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class FusedAdamW implements AutoCloseable {
  public FusedAdamW(BagModel model, AdamWConfig config) {}

  /**
   * Updates the slice that {@code merged} holds.
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
