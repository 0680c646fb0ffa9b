// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.cluster;

import dev.partita.it.fixture.Pods;
import dev.partita.it.fixture.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Something that goes wrong with one pod.
 *
 * @param at after the jobs began
 * @param lasts until it is repaired
 */
record Fault(Kind kind, String pod, Duration at, Duration lasts) {
  private static final int MOST = 3;
  private static final int LATEST_MILLIS = 4_000;
  private static final int SHORTEST_MILLIS = 500;

  enum Kind {
    KILLED,
    FROZEN,
    DATABASE_SILENT,
    DATABASE_CUT,
    PEERS_SILENT,
    PEERS_CUT,
    /** All its connections to the database break, once. */
    DATABASE_RESET
  }

  /** One to three, of which two may be at work at a time; those of one pod never are. */
  static List<Fault> draw(Random random, List<String> pods) {
    List<Fault> faults = new ArrayList<>();
    int count = 1 + random.nextInt(MOST);
    // Some end before a lease does.
    int longestMillis = (int) Pods.LEASE.toMillis() + 3_000 - SHORTEST_MILLIS;
    List<String> left = new ArrayList<>(pods);
    for (int i = 0; i < count; i++) {
      faults.add(
          new Fault(
              Kind.values()[random.nextInt(Kind.values().length)],
              left.remove(random.nextInt(left.size())),
              Duration.ofMillis(random.nextInt(LATEST_MILLIS)),
              Duration.ofMillis(SHORTEST_MILLIS + random.nextInt(longestMillis))));
    }
    faults.sort(Comparator.comparing(Fault::at));
    return faults;
  }

  void begin(Pods pods) {
    switch (kind) {
      case KILLED -> pods.server(pod).killHard();
      case FROZEN -> Pods.signal(pods.server(pod), "STOP");
      case DATABASE_SILENT -> pods.network().database(pod).silence();
      case DATABASE_CUT -> pods.network().database(pod).cut();
      case PEERS_SILENT -> pods.network().peers(pod).forEach(Wire::silence);
      case PEERS_CUT -> pods.network().peers(pod).forEach(Wire::cut);
      case DATABASE_RESET -> pods.network().database(pod).breakAll();
    }
  }

  void repair(Pods pods) {
    switch (kind) {
      case KILLED -> pods.server(pod).startWithoutWaiting();
      case FROZEN -> Pods.signal(pods.server(pod), "CONT");
      case DATABASE_SILENT, DATABASE_CUT, DATABASE_RESET -> pods.network().database(pod).mend();
      case PEERS_SILENT, PEERS_CUT -> pods.network().peers(pod).forEach(Wire::mend);
    }
  }
}
