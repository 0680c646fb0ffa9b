// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  @Test
  void everyEpochVisitsEveryRowOnceInAnotherOrder() {
    EpochOrder order = new EpochOrder(42, 103, 10);
    assertThat(order.iterationsPerEpoch()).isEqualTo(11);
    int[] first = epoch(order, 0);
    int[] second = epoch(order, 1);
    assertThat(first).isNotEqualTo(second);
    assertThat(IntStream.of(first).sorted().toArray())
        .isEqualTo(IntStream.range(0, 103).toArray())
        .isEqualTo(IntStream.of(second).sorted().toArray());
  }

  @Test
  void anIterationHasItsRowsWhicheverCameBefore() {
    int[] straight = new EpochOrder(42, 103, 10).rows(17);
    EpochOrder order = new EpochOrder(42, 103, 10);
    order.rows(30);
    assertThat(order.rows(17)).isEqualTo(straight);
    assertThat(new EpochOrder(43, 103, 10).rows(17)).isNotEqualTo(straight);
  }

  private static int[] epoch(EpochOrder order, int epoch) {
    return IntStream.range(0, 11)
        .flatMap(batch -> IntStream.of(order.rows(epoch * 11L + batch)))
        .toArray();
  }
}
