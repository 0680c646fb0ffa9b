// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingTest {
  private static final long MEGABYTE = 1 << 20;

  private static List<Integer> trained(int ranks) {
    try (TrainingFixture fixture = new TrainingFixture(ranks)) {
      for (int i = 1; i <= 30; i++) {
        fixture.iterate(i);
      }
      return fixture.checksums();
    }
  }

  @Test
  void theLossFalls() {
    try (TrainingFixture fixture = new TrainingFixture(1)) {
      double first = fixture.iterate(1);
      double last = first;
      for (int i = 2; i <= 60; i++) {
        last = fixture.iterate(i);
      }
      assertThat(first).isBetween(1.2, 2.2);
      assertThat(last).isLessThan(0.1);
    }
  }

  @Test
  void weightsAndOptimizerStateAreBitIdenticalForAnyNumberOfRanksAndAnyRun() {
    List<Integer> expected = trained(1);
    assertThat(trained(1)).isEqualTo(expected);
    assertThat(trained(2)).isEqualTo(expected);
    assertThat(trained(4)).isEqualTo(expected);
    assertThat(trained(8)).isEqualTo(expected);
  }

  @Test
  void aThousandIterationsHoldNoMoreMemoryThanTheFirst() {
    long before = NativeMemory.heldBytes();
    try (TrainingFixture fixture = new TrainingFixture(2)) {
      for (int i = 1; i <= 300; i++) {
        fixture.iterate(i);
      }
      long held = NativeMemory.heldBytes();
      long grown = Long.MAX_VALUE;
      // The compiler, and pages of the heap that are touched late, may grow once, a leak always.
      for (int round = 0; round < 3 && grown >= 24 * MEGABYTE; round++) {
        long resident = residentAfterCollection();
        for (int i = 1; i <= 1_000; i++) {
          fixture.iterate(300 + 1_000 * round + i);
        }
        grown = Math.min(grown, residentAfterCollection() - resident);
      }
      // Work buffers may still grow to the largest batch met.
      assertThat(NativeMemory.heldBytes() - held).isLessThan(MEGABYTE / 4);
      // 1,000 iterations make 8,000 graphs of 20 kB: a leak of one tensor a graph is 30 MB and
      // more.
      assertThat(grown).isLessThan(24 * MEGABYTE);
    }
    assertThat(NativeMemory.heldBytes()).isEqualTo(before);
  }

  /** The heap's own growth must not be taken for the natives'. */
  private static long residentAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return NativeMemory.residentBytes() - runtime.totalMemory();
  }
}
