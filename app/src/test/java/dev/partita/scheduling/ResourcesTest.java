// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.PartitaException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesTest {
  @Test
  void readsWhatItWrites() {
    Resources read = Resources.parse("licence=1, cpu=2,gpu=0.5,memory=4GiB");

    assertThat(read.cpuMilli()).isEqualTo(2000);
    assertThat(read.gpuMilli()).isEqualTo(500);
    assertThat(read.memoryBytes()).isEqualTo(4L << 30);
    assertThat(read.customMilli()).isEqualTo(Map.of("licence", 1000L));
    assertThat(read).hasToString("cpu=2,gpu=0.5,memory=4GiB,licence=1");
    assertThat(Resources.parse("cpu=0")).isEqualTo(Resources.ZERO).hasToString("cpu=0");
    assertThat(Resources.parse("memory=1.5MB").memoryBytes()).isEqualTo(1_500_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpu=two|cpu=two is not a number",
        "cpu=-1|cpu=-1 is not a number",
        "cpu=0.0001|three decimals",
        "cpu=1,cpu=2|cpu is there twice",
        "cpu|\"cpu\" is not name=amount",
        "cpu=1,|\"\" is not name=amount",
        "CPU=1|\"CPU=1\" is not name=amount",
        "memory=4Gb|has none of the units B KiB kB",
        "memory=0.5B|not a whole number of bytes",
        "memory=99999999TiB|up to 8192TiB",
        "licence=99999999999|above 1e9",
      })
  void saysWhatIsWrong(String text, String reason) {
    assertThatThrownBy(() -> Resources.parse(text))
        .isInstanceOf(PartitaException.class)
        .hasMessageContaining("Resources \"" + text + "\"")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu=0.1", "gpu=0.001", "memory=1B", "licence=0.3"})
  void sumsAreExact(String text) {
    Resources one = Resources.parse(text);
    Resources sum = Resources.ZERO;
    for (int i = 0; i < 1000; i++) {
      sum = sum.plus(one);
    }
    for (int i = 0; i < 1000; i++) {
      sum = sum.minus(one);
    }
    assertThat(sum).isEqualTo(Resources.ZERO);
    Resources less = sum;
    assertThatThrownBy(() -> less.minus(one)).hasMessageContaining("never negative");
  }

  @Test
  void aPartOfAGpuIsAPartOfOne() {
    assertThatThrownBy(() -> new Bundle(Resources.parse("gpu=1.5")))
        .hasMessageContaining("gpu=1.5 is not possible");
  }
}
