// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionSlotsTest {
  private final List<String> granted = new ArrayList<>();

  @Test
  void aGangGetsAllItsPlacesOrNone() {
    PartitionSlots slots = new PartitionSlots(4);
    slots.request(3, () -> granted.add("first"));
    slots.request(3, () -> granted.add("second"));
    assertThat(granted).containsExactly("first");
    assertThat(slots.inUse()).isEqualTo(3);
    slots.release();
    slots.release();
    assertThat(granted).containsExactly("first", "second");
    assertThat(slots.inUse()).isEqualTo(4);
  }

  @Test
  void aGangIsNotOvertaken() {
    PartitionSlots slots = new PartitionSlots(2);
    slots.request(1, () -> granted.add("running"));
    slots.request(2, () -> granted.add("gang"));
    slots.request(1, () -> granted.add("late"));
    assertThat(granted).containsExactly("running");
    slots.release();
    assertThat(granted).containsExactly("running", "gang");
  }

  @Test
  void aWithdrawnRequestIsNeverGrantedAndBlocksNobody() {
    PartitionSlots slots = new PartitionSlots(1);
    slots.request(1, () -> granted.add("a"));
    PartitionSlots.Request b = slots.request(1, () -> granted.add("b"));
    slots.request(1, () -> granted.add("c"));
    assertThat(slots.withdraw(b)).isTrue();
    slots.release();
    assertThat(granted).containsExactly("a", "c");
    assertThat(slots.withdraw(b)).isFalse();
  }

  @Test
  void whatCanNeverFitIsRefused() {
    assertThatThrownBy(() -> new PartitionSlots(2).request(3, () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
