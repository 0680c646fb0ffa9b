// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.batch.InstanceQuery.Field;
import dev.partita.batch.InstanceQuery.IdRange;
import dev.partita.batch.InstanceQuery.Sort;
import dev.partita.batch.InstanceQuery.TimeRange;
import dev.partita.batch.InstanceState;
import dev.partita.error.PartitaException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSearchTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void readsIdsAsListAndRanges() {
    assertThat(parse("jobInstanceId", "7,3:9,<4,>8").query().ids())
        .containsExactly(
            new IdRange(7, 7),
            new IdRange(3, 9),
            new IdRange(0, 4),
            new IdRange(8, Long.MAX_VALUE));
  }

  @Test
  void readsDaysAndAges() {
    assertThat(parse("createTime", "2026-11-01:2026-11-02").query().created())
        .isEqualTo(
            new TimeRange(
                Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-03T00:00:00Z")));
    assertThat(parse("lastUpdatedTime", ">3d").query().updated())
        .isEqualTo(
            new TimeRange(
                Instant.parse("2026-11-20T00:00:00Z"), Instant.parse("2026-11-24T12:00:00Z")));
    assertThat(parse("lastUpdatedTime", "<3d").query().updated())
        .isEqualTo(new TimeRange(Instant.EPOCH, Instant.parse("2026-11-21T00:00:00Z")));
  }

  /** The command batchManager says it with every purge. */
  @Test
  void permissionToRedirectIsNoSearch() {
    JobSearch search = parse("permitRedirect", "true");
    assertThat(search.unrecognized()).isEmpty();
    assertThat(search.restricted()).isFalse();
  }

  @Test
  void readsStatesSortAndPage() {
    JobSearch search =
        JobSearch.parse(
            Map.of(
                "instanceState", List.of("completed,FAILED"),
                "sort", List.of("-createTime,jobName"),
                "page", List.of("2"),
                "pageSize", List.of("10")),
            4,
            NOW);
    assertThat(search.query().states())
        .containsExactly(InstanceState.FAILED, InstanceState.COMPLETED);
    assertThat(search.query().sort())
        .containsExactly(new Sort(Field.CREATE_TIME, true), new Sort(Field.JOB_NAME, false));
    assertThat(search.query().offset()).isEqualTo(20);
    assertThat(search.query().limit()).isEqualTo(10);
  }

  @Test
  void namesWhatItsVersionDoesNotKnow() {
    Map<String, List<String>> given =
        Map.of("submitter", List.of("bob"), "sort", List.of("jobName"), "colour", List.of("red"));
    assertThat(JobSearch.parse(given, 4, NOW).unrecognized()).containsExactly("colour");
    assertThat(JobSearch.parse(given, 3, NOW).unrecognized())
        .containsExactly("colour", "submitter");
    assertThat(JobSearch.parse(given, 1, NOW).unrecognized())
        .containsExactly("colour", "sort", "submitter");
  }

  @Test
  void pagesAloneRestrictNothing() {
    assertThat(parse("pageSize", "3").restricted()).isFalse();
    assertThat(parse("jobParameter.model", "text").restricted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "jobInstanceId, x",
    "jobInstanceId, 3:",
    "jobInstanceId, 99999999999999999999",
    "createTime, yesterday",
    "createTime, 2026-13-01",
    "instanceState, BUSY",
    "sort, colour",
    "page, -1",
    "pageSize, 0",
    "pageSize, 10001"
  })
  void refusesWhatItCannotRead(String name, String value) {
    assertThatThrownBy(() -> parse(name, value))
        .isInstanceOf(PartitaException.class)
        .hasMessageContaining("expected");
  }

  private static JobSearch parse(String name, String value) {
    return JobSearch.parse(Map.of(name, List.of(value)), 4, NOW);
  }
}
