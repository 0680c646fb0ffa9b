// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  @Test
  void anEventIsOneObjectOnOneLine() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", "loss");
    fields.put("x", 3.0);
    fields.put("value", 0.5);
    fields.put("flag", true);
    JobEvent event = new JobEvent(7, 8, "train", 1, EventType.METRIC, Instant.EPOCH, fields);
    assertThat(EventJson.write(event, 9))
        .isEqualTo(
            "{\"type\":\"metric\",\"seq\":9,\"time\":\"1970-01-01T00:00:00Z\",\"instanceId\":7,"
                + "\"executionId\":8,\"step\":\"train\",\"partition\":1,\"name\":\"loss\","
                + "\"x\":3.0,\"value\":0.5,\"flag\":true}");
  }

  @Test
  void hostileTextIsEscapedAndCut() {
    JobEvent event =
        new JobEvent(
            1,
            0,
            null,
            null,
            EventType.LOG,
            Instant.EPOCH,
            Map.of("line", "a\"b\\c\nd\u0001\u2028" + "x".repeat(10_000)));
    assertThat(EventJson.write(event, 1))
        .contains("\"line\":\"a\\\"b\\\\c\\nd\\u0001\\u2028xxx")
        .doesNotContain("\n")
        .hasSizeLessThan(EventJson.MAX_TEXT + 200);
  }

  @Test
  void aNumberThatJsonDoesNotKnowIsNull() {
    JobEvent event =
        new JobEvent(
            1, 0, null, null, EventType.METRIC, Instant.EPOCH, Map.of("value", Double.NaN));
    assertThat(EventJson.write(event, 1)).contains("\"value\":null");
  }
}
