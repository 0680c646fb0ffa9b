// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_features;
import java.util.Objects;

/**
 * The feature ids of a batch of texts in native memory, in CSR form: ids int32, offsets int32 [size
 * + 1]. Reused by {@link TextFeaturizer#featurize(long[], int[], FeatureBatch)}; used by one thread
 * at a time.
 */
public final class FeatureBatch implements AutoCloseable {
  private final ptc_features handle = new ptc_features();
  private int buckets = Integer.MAX_VALUE;

  /** An empty batch, to be filled by a featurizer. */
  public FeatureBatch() {
    NativeCore.load();
    CoreStatus.check(PartitaCore.ptc_features_create(handle));
  }

  /** Number of texts. */
  public int size() {
    return PartitaCore.ptc_features_size(handle());
  }

  /** Number of feature ids of all texts together. */
  public int featureCount() {
    return PartitaCore.ptc_features_count(handle());
  }

  /** A copy of the feature ids of one text, in the order of the text. */
  public int[] ids(int text) {
    Objects.checkIndex(text, size());
    var offsets = PartitaCore.ptc_features_offsets(handle);
    int from = offsets.get(text);
    int[] ids = new int[offsets.get(text + 1) - from];
    PartitaCore.ptc_features_ids(handle).position(from).get(ids);
    return ids;
  }

  /** Every id is below this. */
  int buckets() {
    return buckets;
  }

  void filledWithin(int buckets) {
    this.buckets = buckets;
  }

  ptc_features handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  @Override
  public void close() {
    PartitaCore.ptc_features_destroy(handle);
    handle.setNull();
  }
}
