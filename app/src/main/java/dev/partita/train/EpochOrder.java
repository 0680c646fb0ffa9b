// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import java.util.SplittableRandom;

/**
 * Which rows each iteration trains on: every epoch visits each row once, in an order that depends
 * on (seed, epoch) only. The last batch of an epoch may be smaller. For one thread.
 */
public final class EpochOrder {
  private final long seed;
  private final int batch;
  private final int[] order;
  private long epochInOrder = -1;

  public EpochOrder(long seed, int rows, int batch) {
    this.seed = seed;
    this.batch = batch;
    this.order = new int[rows];
  }

  public long iterationsPerEpoch() {
    return ((long) order.length + batch - 1) / batch;
  }

  public long epochOf(long iteration) {
    return iteration / iterationsPerEpoch();
  }

  /** The rows of a global batch. */
  public int[] rows(long iteration) {
    shuffle(epochOf(iteration));
    int from = (int) (iteration % iterationsPerEpoch()) * batch;
    int[] rows = new int[Math.min(batch, order.length - from)];
    System.arraycopy(order, from, rows, 0, rows.length);
    return rows;
  }

  /** Fisher and Yates; about a millisecond per 100,000 rows, once per epoch. */
  private void shuffle(long epoch) {
    if (epoch == epochInOrder) {
      return;
    }
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + epoch);
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    epochInOrder = epoch;
  }
}
