// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.List;

/**
 * Turns UTF-8 texts into ids of hashed word 1-2-grams. The result depends on the texts and the
 * number of buckets only, never on the number of threads. Several threads may share one featurizer;
 * with more than one native thread they take turns.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class TextFeaturizer implements AutoCloseable {
  /**
   * @param buckets number of feature ids, a power of two between 2 and 2^30
   * @param threads native threads that share one batch, 1 to 64, the caller's among them
   */
  public TextFeaturizer(int buckets, int threads) {}

  /** Texts that lie in native memory, read in place; the caller closes the batch. */
  public FeatureBatch featurize(long[] textAddresses, int[] byteLengths) {
    FeatureBatch batch = new FeatureBatch();
    featurize(textAddresses, byteLengths, batch);
    return batch;
  }

  /** As above, into a batch of the caller's; its former content is replaced. */
  public void featurize(long[] textAddresses, int[] byteLengths, FeatureBatch into) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Texts from the heap; the caller closes the batch. Invalid UTF-8 is legal and separates words.
   */
  public FeatureBatch featurize(List<byte[]> utf8) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {}
}
