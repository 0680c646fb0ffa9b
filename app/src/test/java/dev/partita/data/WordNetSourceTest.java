// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The counts were taken from the data files by another program. */
class WordNetSourceTest {
  private static final List<LabelledText> TEXTS = new ArrayList<>();
  private static HeldOutSplit split;

  @BeforeAll
  static void readOnce() throws Exception {
    TextSources.named("wordnet31").read(TEXTS::add);
    split = HeldOutSplit.of(TEXTS);
  }

  @Test
  void hasEveryGlossOnce() {
    assertThat(TEXTS).hasSize(117_791);
    assertThat(TEXTS.stream().map(LabelledText::id).distinct().count()).isEqualTo(117_791);
    assertThat(TEXTS.get(0).text())
        .isEqualTo(
            "that which is perceived or known or inferred to have its own distinct existence"
                + " (living or nonliving)");
  }

  @Test
  void everyClassOccursAsOftenAsInTheFiles() {
    Map<Integer, Long> counts =
        TEXTS.stream().collect(Collectors.groupingBy(LabelledText::label, Collectors.counting()));
    assertThat(counts).hasSize(45);
    assertThat(counts)
        .containsEntry(0, 14_460L)
        .containsEntry(5, 7_510L)
        .containsEntry(16, 42L)
        .containsEntry(44, 60L);
  }

  @Test
  void labelsHaveDistinctNames() {
    List<String> names = TextSources.named("wordnet31").classNames();
    assertThat(names).hasSize(45).doesNotHaveDuplicates().allMatch(name -> !name.isBlank());
    assertThat(names.get(5)).isEqualTo("animal");
    assertThat(names.get(12)).isEqualTo("feeling");
    assertThat(names.get(13)).isEqualTo("food");
  }

  @Test
  void aTenthIsHeldOutByItsId() {
    long byId = TEXTS.stream().filter(text -> HeldOutSplit.isHeldOut(text.id())).count();
    assertThat(byId).isEqualTo(11_864);
  }

  @Test
  void equalTextsShareOneSide() {
    assertThat(split.equalTexts()).isEqualTo(980);
    assertThat(split.movedTexts()).isEqualTo(120);
    assertThat(Collections.disjoint(side(true), side(false))).isTrue();
  }

  private static Set<String> side(boolean heldOut) {
    return IntStream.range(0, TEXTS.size())
        .filter(i -> split.heldOut().get(i) == heldOut)
        .mapToObj(i -> TEXTS.get(i).text().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }
}
