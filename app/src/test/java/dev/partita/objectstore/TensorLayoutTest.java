// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.objectstore.TensorLayout.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorLayoutTest {
  @Test
  void isReadAsItWasWritten() {
    for (ElementType type : ElementType.values()) {
      for (List<Long> shape : List.of(List.<Long>of(), List.of(0L), List.of(3L), List.of(2L, 3L))) {
        TensorLayout layout = new TensorLayout(type, shape);
        assertThat(TensorLayout.parse(layout.toMetadata())).isEqualTo(layout);
      }
    }
    assertThat(new TensorLayout(ElementType.BFLOAT16, List.of(2L, 3L)))
        .hasToString("bfloat16[2,3]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "float32",
        "float33[1]",
        "float32[-1]",
        "float32[1,]",
        "float32[,1]",
        "float32[1]x",
        "float32[9999999999999999999]",
        "float32[1,1,1,1,1,1,1,1,1]"
      })
  void refusesWhatIsNoLayout(String text) {
    assertThatThrownBy(() -> TensorLayout.parse(text.getBytes(US_ASCII)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsBytesWithoutOverflow() {
    assertThat(new TensorLayout(ElementType.FLOAT64, List.of(3L, 5L)).byteSize()).isEqualTo(120);
    assertThatThrownBy(
            () -> new TensorLayout(ElementType.INT8, List.of(1L << 40, 1L << 40)).byteSize())
        .isInstanceOf(ArithmeticException.class);
  }
}
