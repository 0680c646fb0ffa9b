// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line of text for one {@link Progress}, for 80 columns. */
final class ProgressBar {
  private static final int WIDTH = 12;

  private ProgressBar() {}

  /**
   * @param loss null when the step has none
   * @param settled whether the rate is more than that of the first moments: then it says how long
   *     the rest takes
   */
  static String line(Progress p, @Nullable Double loss, boolean settled) {
    StringBuilder line = new StringBuilder(String.format("  %-12s", p.place()));
    if (p.total() > 0) {
      int full = (int) Math.min(WIDTH, p.done() * WIDTH / p.total());
      line.append("█".repeat(full)).append("░".repeat(WIDTH - full));
      line.append(String.format(Locale.ROOT, " %,d/%,d", p.done(), p.total()));
    } else {
      line.append(String.format(Locale.ROOT, "%,d", p.done()));
    }
    line.append(' ').append(p.unit());
    if (p.ratePerSecond() > 0) {
      line.append(String.format(Locale.ROOT, " %,.0f/s", p.ratePerSecond()));
    }
    if (loss != null) {
      line.append(String.format(Locale.ROOT, " loss %.3f", loss));
    }
    if (settled && p.ratePerSecond() > 0 && p.total() > p.done()) {
      line.append(
          String.format(Locale.ROOT, " %.0f s left", (p.total() - p.done()) / p.ratePerSecond()));
    }
    return line.toString();
  }

  /** How far it was when the server went away; nothing that sounds as if it went on. */
  static String standing(Progress p) {
    return line(
        new Progress(p.step(), p.partition(), p.done(), p.total(), p.unit(), 0), null, false);
  }
}
