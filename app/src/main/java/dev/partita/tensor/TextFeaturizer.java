// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_featurizer;
import java.util.List;

/**
 * Turns UTF-8 texts into ids of hashed word 1-2-grams. The result depends on the texts and the
 * number of buckets only, never on the number of threads. Several threads may share one featurizer;
 * with more than one native thread they take turns.
 */
public final class TextFeaturizer implements AutoCloseable {
  /** A batch of 2^30 bytes takes about four seconds on one core. */
  private static final int TIMEOUT_MILLIS = 60_000;

  private final ptc_featurizer handle = new ptc_featurizer();
  private final int buckets;

  /**
   * @param buckets number of feature ids, a power of two between 2 and 2^30
   * @param threads native threads that share one batch, 1 to 64, the caller's among them
   */
  public TextFeaturizer(int buckets, int threads) {
    NativeCore.load();
    this.buckets = buckets;
    CoreStatus.check(PartitaCore.ptc_featurizer_create(buckets, threads, handle));
  }

  /** Texts that lie in native memory, read in place; the caller closes the batch. */
  public FeatureBatch featurize(long[] textAddresses, int[] byteLengths) {
    return filled(batch -> featurize(textAddresses, byteLengths, batch));
  }

  /** As above, into a batch of the caller's; its former content is replaced. */
  public void featurize(long[] textAddresses, int[] byteLengths, FeatureBatch into) {
    int count = textAddresses.length;
    if (byteLengths.length != count) {
      throw new IllegalArgumentException(count + " addresses, " + byteLengths.length + " lengths");
    }
    into.filledWithin(buckets);
    CoreStatus.check(
        PartitaCore.ptc_featurize(
            handle(), count, textAddresses, byteLengths, TIMEOUT_MILLIS, into.handle()));
  }

  /**
   * Texts from the heap; the caller closes the batch. Invalid UTF-8 is legal and separates words.
   */
  public FeatureBatch featurize(List<byte[]> utf8) {
    return filled(batch -> featurize(utf8, batch));
  }

  /** As above, into a batch of the caller's; its former content is replaced. */
  public void featurize(List<byte[]> utf8, FeatureBatch into) {
    int[] lengths = new int[utf8.size()];
    long total = 0;
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = utf8.get(i).length;
      total += lengths[i];
    }
    byte[] packed = new byte[Math.toIntExact(total)];
    int at = 0;
    for (byte[] text : utf8) {
      System.arraycopy(text, 0, packed, at, text.length);
      at += text.length;
    }
    into.filledWithin(buckets);
    CoreStatus.check(
        PartitaCore.ptc_featurize_packed(
            handle(), lengths.length, packed, total, lengths, TIMEOUT_MILLIS, into.handle()));
  }

  private interface Filling {
    void fill(FeatureBatch batch);
  }

  private static FeatureBatch filled(Filling filling) {
    FeatureBatch batch = new FeatureBatch();
    try {
      filling.fill(batch);
      return batch;
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
  }

  private ptc_featurizer handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  @Override
  public void close() {
    PartitaCore.ptc_featurizer_destroy(handle);
    handle.setNull();
  }
}
