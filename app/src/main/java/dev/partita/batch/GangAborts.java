// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Members of gangs that cannot go on: their pods are asked to hand them back, and whoever does not
 * in time has them no more.
 */
final class GangAborts {
  /** With what it takes to notice, a gang has let go within 5 s. */
  private static final Duration HAND_BACK = Duration.ofSeconds(4);

  private final PlacementRepository rows;
  private final long token;
  private final Map<PartitionKey, Asked> leaving = new HashMap<>();

  GangAborts(PlacementRepository rows, long token) {
    this.rows = rows;
    this.token = token;
  }

  /** An attempt whose pod was asked to hand it back. */
  private record Asked(long attempt, Instant since) {}

  void ask(PartitionKey key, long attempt, Instant now) {
    rows.leave(token, key);
    leaving.put(key, new Asked(attempt, now));
  }

  void ended(PartitionKey key) {
    leaving.remove(key);
  }

  void takeBack(Instant now) {
    leaving.forEach(
        (key, asked) -> {
          if (now.isAfter(asked.since().plus(HAND_BACK))) {
            rows.takeBack(token, key, asked.attempt());
          }
        });
  }
}
