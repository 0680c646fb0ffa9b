// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.Locale;
import java.util.Map;

/** Writes an event as one JSON object on one line. */
final class EventJson {
  /** Longer texts are cut, so that an event fits its column. */
  static final int MAX_TEXT = 4_000;

  private EventJson() {}

  static String write(JobEvent event, long seq) {
    StringBuilder out = new StringBuilder(200);
    out.append("{\"type\":\"").append(event.type().word()).append('"');
    out.append(",\"seq\":").append(seq);
    out.append(",\"time\":\"").append(event.time()).append('"');
    out.append(",\"instanceId\":").append(event.instanceId());
    out.append(",\"executionId\":").append(event.executionId());
    if (event.step() != null) {
      member(out, "step", event.step());
    }
    if (event.partition() != null) {
      member(out, "partition", event.partition());
    }
    for (Map.Entry<String, Object> field : event.fields().entrySet()) {
      member(out, field.getKey(), field.getValue());
    }
    return out.append('}').toString();
  }

  private static void member(StringBuilder out, String name, Object value) {
    out.append(',');
    text(out, name);
    out.append(':');
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      out.append(Double.isFinite(number) ? value.toString() : "null");
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      text(out, value.toString());
    }
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    int end = Math.min(text.length(), MAX_TEXT);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
