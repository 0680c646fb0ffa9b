// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_bucket_part;
import java.util.List;

/**
 * Many small tensors behind each other in one array, so that one collective serves all, in another
 * type if wanted. The tensors stay the caller's; one thread at a time.
 */
public final class GradientBucket implements AutoCloseable {
  private final KernelThreads threads;
  private final ptc_bucket_part parts;
  private final int partCount;
  private final DataType tensorType;
  private final NativeArray values;

  /**
   * @param tensors of one type, not int8
   * @param type of the bucket: bfloat16 halves what a collective moves
   */
  public GradientBucket(KernelThreads threads, List<NativeArray> tensors, DataType type) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("a bucket of no tensors");
    }
    this.threads = threads;
    tensorType = tensors.get(0).type();
    partCount = tensors.size();
    parts = new ptc_bucket_part(partCount);
    long total = 0;
    for (int i = 0; i < partCount; i++) {
      NativeArray tensor = tensors.get(i);
      tensor.require(tensorType, tensor.count());
      parts.getPointer(i).values(tensor.pointer()).count(tensor.count());
      total += tensor.count();
    }
    values = NativeArray.zeros(type, total);
  }

  /** What the collective works on. */
  public NativeArray values() {
    return values;
  }

  /** Copies the tensors into the bucket. */
  public void flatten() {
    CoreStatus.check(
        PartitaCore.ptc_bucket_flatten(
            threads.pool(),
            parts,
            partCount,
            tensorType.code(),
            values.type().code(),
            values.pointer()));
  }

  /** Copies the bucket back into the tensors. */
  public void unflatten() {
    CoreStatus.check(
        PartitaCore.ptc_bucket_unflatten(
            threads.pool(),
            values.pointer(),
            values.type().code(),
            parts,
            partCount,
            tensorType.code()));
  }

  @Override
  public void close() {
    values.close();
    parts.close();
  }
}
