// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.data.TestDatabase;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelRepositoryTest {
  private ModelRepository models;

  @BeforeEach
  void emptyDatabase() throws Exception {
    models = new ModelRepository(TestDatabase.create());
  }

  @Test
  void aVersionIsFoundByNumberNameAndJob() {
    ModelVersion first = models.register(candidate("text", 1, 0.7));
    assertThat(models.ofInstance("text", 1)).contains(first);
    ModelVersion second = models.register(candidate("text", 2, 0.8));

    assertThat(first.version()).isEqualTo(1);
    assertThat(second.version()).isEqualTo(2);
    assertThat(models.versions("text")).containsExactly(second, first);
    assertThat(models.latest("text")).contains(second);
    assertThat(models.find("text", 1)).contains(first);
    assertThat(first.classNames()).containsExactly("animal", "food");
  }

  @Test
  void namesCountTheirVersionsApart() {
    models.register(candidate("text", 1, 0.7));
    assertThat(models.register(candidate("other", 1, 0.7)).version()).isEqualTo(1);
    assertThat(models.names()).containsExactly("other", "text");
  }

  @Test
  void aProposalIsReplacedByTheNextOfItsJob() {
    models.propose(candidate("text", 1, 0.5));
    models.propose(candidate("text", 1, 0.6));
    assertThat(models.candidate(1)).contains(candidate("text", 1, 0.6));
    assertThat(models.candidate(2)).isEmpty();
    models.purge(1);
    assertThat(models.candidate(1)).isEmpty();
  }

  @Test
  void anUnknownModelOrVersionIsNamed() {
    models.register(candidate("text", 1, 0.7));
    assertThat(models.require("text", 0).version()).isEqualTo(1);
    assertThatThrownBy(() -> models.require("none", 0))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("'none'");
    assertThatThrownBy(() -> models.require("text", 9)).hasMessageContaining("version 9");
  }

  static ModelCandidate candidate(String name, long instanceId, double accuracy) {
    return new ModelCandidate(
        name,
        "file:///storage/run/",
        "ab".repeat(32),
        accuracy,
        0.6,
        List.of("animal", "food"),
        64,
        1024,
        1000,
        instanceId);
  }
}
