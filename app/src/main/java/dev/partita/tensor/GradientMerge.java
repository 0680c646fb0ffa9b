// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.List;

/**
 * Sums the gradients of up to eight micro-shards in a fixed tree, {@code
 * ((0+1)+(2+3))+((4+5)+(6+7))}, so that the sum has the same bits whoever computes which part of
 * it. One per rank; reusable; one thread at a time.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class GradientMerge implements AutoCloseable {
  /** Most micro-shards that one merge takes. */
  public static final int MAX_SHARDS = 8;

  public GradientMerge(BagModel model) {}

  /**
   * Merges the embedding rows inside {@code rows}, of {@code [0, buckets)}; the former content is
   * replaced.
   */
  public void rows(List<ShardGradient> shards, Slice rows) {
    throw new UnsupportedOperationException("being written");
  }

  /** Merges the dense gradients inside {@code elements}, of {@code [0, denseLength)}. */
  public void dense(List<ShardGradient> shards, Slice elements) {
    throw new UnsupportedOperationException("being written");
  }

  /** Number of embedding rows merged last. */
  public int rowCount() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {}
}
