// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

/**
 * The gradient of one micro-shard: sorted unique embedding rows with their summed values, and the
 * dense gradient of the head. Made by {@link BagModel#newGradient()}; reusable; written by one
 * thread at a time, read by any number.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class ShardGradient implements AutoCloseable {
  ShardGradient() {}

  /** Sum of the losses of the texts, before scaling. */
  public double lossSum() {
    throw new UnsupportedOperationException("being written");
  }

  /** Number of texts. */
  public int examples() {
    throw new UnsupportedOperationException("being written");
  }

  /** Number of texts whose largest logit was that of their label. */
  public int correct() {
    throw new UnsupportedOperationException("being written");
  }

  /** Number of different embedding rows that have a gradient. */
  public int rowCount() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {}
}
