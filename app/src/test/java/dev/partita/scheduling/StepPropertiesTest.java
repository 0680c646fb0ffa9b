// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.PartitaException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepPropertiesTest {
  @Test
  void aStepWithoutPropertiesAsksOneProcessorForEachPartition() {
    StepProperties step = StepProperties.parse(Map.of("ranks", "2", "partita.pool", ""));

    assertThat(step.resources()).hasToString("cpu=1");
    assertThat(step.pools()).isEmpty();
    assertThat(step.retry()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(step.group(3).isGang()).isFalse();
    assertThat(step.group(3).bundles()).hasSize(3);
  }

  @Test
  void readsAllOfThem() {
    StepProperties step =
        StepProperties.parse(
            Map.of(
                "partita.resources", "cpu=2,gpu=0.5,memory=4GiB",
                "partita.pool", "spot, cpu",
                "partita.placement", "STRICT_SPREAD",
                "partita.gang", "true",
                "partita.gang.min", "2",
                "partita.attempts", "3",
                "partita.preemptions", "0",
                "partita.priority", "-5"));

    assertThat(step.resources()).hasToString("cpu=2,gpu=0.5,memory=4GiB");
    assertThat(step.pools()).isEqualTo(List.of("spot", "cpu"));
    assertThat(step.group(4).strategy()).isEqualTo(PlacementStrategy.STRICT_SPREAD);
    assertThat(step.group(4).gangMin()).isEqualTo(2);
    assertThat(step.retry()).isEqualTo(new RetryPolicy(3, 0));
    assertThat(step.priority()).isEqualTo(-5);
  }

  @Test
  void aGangIsAllPartitionsUnlessItHasASmallestSize() {
    assertThat(StepProperties.parse(Map.of("partita.gang", "true")).group(7).gangMin())
        .isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "partita.resources|cpu=x|partita.resources=cpu=x: Resources \"cpu=x\": cpu=x is not a number",
        "partita.resources|gpu=1.5|gpu=1.5 is not possible",
        "partita.pool|spot,,cpu|\"\" is no name of a pool",
        "partita.placement|TIGHT|is none of [PACK, SPREAD, STRICT_PACK, STRICT_SPREAD]",
        "partita.gang|yes|partita.gang=yes is neither true nor false",
        "partita.gang.min|-1|is not a whole number from 0",
        "partita.attempts|0|partita.attempts=0 is not a whole number from 1 to 1000",
        "partita.preemptions|many|is not a whole number from 0",
        "partita.priority|9999|from -1000 to 1000",
        "partita.resource|cpu=1|partita.resource is no property of a step; there are [partita.att",
      })
  void saysWhatIsWrong(String name, String value, String reason) {
    assertThatThrownBy(() -> StepProperties.check(name, value))
        .isInstanceOf(PartitaException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aValueThatIsYetToBeFilledInPasses() {
    assertThatCode(() -> StepProperties.check("partita.attempts", "#{jobParameters['tries']}?:3;"))
        .doesNotThrowAnyException();
    assertThatCode(() -> StepProperties.check("epochs", "two")).doesNotThrowAnyException();
  }

  @Test
  void aSmallestSizeNeedsAGang() {
    assertThatThrownBy(() -> StepProperties.parse(Map.of("partita.gang.min", "2")))
        .hasMessageContaining("partita.gang.min=2 needs partita.gang=true");
  }
}
