// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The times in answers of the jobs API. */
final class Times {
  private Times() {}

  static double secondsBetween(String start, String end) {
    return Duration.between(instant(start), instant(end)).toMillis() / 1e3;
  }

  private static Instant instant(String text) {
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }
}
