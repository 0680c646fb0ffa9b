// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordNetLineTest {
  private static final String SYNSET =
      "02084071 05 n 01 dog 0 001 @ 02083346 n 0000 | a member of the genus Canis; \"the dog\"  ";

  @Test
  void textIsTheGlossAlone() {
    assertThat(WordNetLine.parse("noun", SYNSET))
        .contains(new LabelledText("noun:02084071", 5, "a member of the genus Canis; \"the dog\""));
  }

  @Test
  void licenceLinesAreSkipped() {
    assertThat(WordNetLine.parse("noun", "  1 This software and database | is")).isEmpty();
  }

  @Test
  void glossMayHoldBars() {
    assertThat(WordNetLine.parse("verb", "00000001 29 v | a | b").orElseThrow().text())
        .isEqualTo("a | b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "|",
        "00000001",
        "00000001 29 v no gloss",
        "00000001 29 v |   ",
        "00000001 45 v | no such file",
        "0000001 29 v | seven digits",
        "0000000a 29 v | a letter",
        "00000001 2९ v | a digit, but not ours"
      })
  void aLineThatIsNoSynsetIsNamed(String line) {
    assertThatThrownBy(() -> WordNetLine.parse("verb", line))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageStartingWith("data.verb: ");
  }

  @Test
  void anyDamageEitherParsesOrIsNamed() {
    Random random = new Random(7);
    for (int round = 0; round < 30_000; round++) {
      StringBuilder line = new StringBuilder(SYNSET);
      for (int hits = 1 + random.nextInt(8); hits > 0; hits--) {
        int at = random.nextInt(Math.max(1, line.length()));
        switch (random.nextInt(4)) {
          case 0 -> line.setLength(at);
          case 1 -> line.insert(at, (char) random.nextInt(0x10000));
          case 2 -> line.insert(at, line);
          default -> line.replace(at, Math.min(line.length(), at + 1), "|");
        }
        line.setLength(Math.min(line.length(), 1_000));
      }
      try {
        Optional<LabelledText> text = WordNetLine.parse("noun", line.toString());
        text.ifPresent(t -> assertThat(t.label()).isBetween(0, 44));
        text.ifPresent(t -> assertThat(t.text()).isNotBlank());
      } catch (PartitaException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(e).message().hasSizeLessThan(160);
      }
    }
  }
}
