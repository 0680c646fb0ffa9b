// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

/**
 * The feature ids of a batch of texts in native memory, in CSR form: ids int32, offsets int32 [size
 * + 1]. Reused by {@link TextFeaturizer#featurize(long[], int[], FeatureBatch)}; used by one thread
 * at a time.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class FeatureBatch implements AutoCloseable {
  /** An empty batch, to be filled by a featurizer. */
  public FeatureBatch() {}

  /** Number of texts. */
  public int size() {
    throw new UnsupportedOperationException("being written");
  }

  /** Number of feature ids of all texts together. */
  public int featureCount() {
    throw new UnsupportedOperationException("being written");
  }

  /** A copy of the feature ids of one text, in the order of the text. */
  public int[] ids(int text) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {}
}
