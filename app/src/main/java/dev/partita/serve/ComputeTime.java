// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * How much the models of this process have computed, since it started: featurizing and the model
 * itself, without queues, databases and doors. Seconds are those of the computing threads, added
 * up. Safe for any thread.
 */
public final class ComputeTime {
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongAdder texts = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  float[] measure(int count, Supplier<float[]> computation) {
    long began = System.nanoTime();
    float[] result = computation.get();
    nanos.add(System.nanoTime() - began);
    texts.add(count);
    return result;
  }

  /** Texts computed. */
  public long texts() {
    return texts.sum();
  }

  /** Seconds spent on them. */
  public double seconds() {
    return nanos.sum() / NANOS_PER_SECOND;
  }
}
