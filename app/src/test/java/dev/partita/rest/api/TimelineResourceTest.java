// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.task.TimelineEvent;
import jakarta.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineResourceTest {
  @Test
  void eventsAreCompleteEventsOfTheirPodAndThread() {
    JsonObject trace =
        TimelineResource.trace(
            "a/1",
            List.of(
                new TimelineEvent(
                    TimelineEvent.Kind.TASK,
                    "Words.count",
                    1_700_000_000_000_123L,
                    4_500,
                    new TimelineEvent.ThreadId(7, "partita-task-1"))));
    assertThat(trace.getJsonArray("traceEvents").toString())
        .isEqualTo(
            "[{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":0,"
                + "\"args\":{\"name\":\"a/1\"}},"
                + "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":7,"
                + "\"args\":{\"name\":\"partita-task-1\"}},"
                + "{\"name\":\"Words.count\",\"cat\":\"task\",\"ph\":\"X\","
                + "\"ts\":1700000000000123,\"dur\":4.5,\"pid\":1,\"tid\":7}]");
  }
}
