// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** The times in answers of the jobs API, as in {@code 2026/11/23 09:04:13.825 +0000}. */
final class Times {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS Z");

  private Times() {}

  static double secondsBetween(String start, String end) {
    return Duration.between(instant(start), instant(end)).toMillis() / 1e3;
  }

  private static OffsetDateTime instant(String text) {
    return OffsetDateTime.parse(text, FORMAT);
  }
}
