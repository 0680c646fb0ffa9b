// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Supplier;

/**
 * Keeps lines moving while something goes on: four times a second in a terminal, every two seconds
 * elsewhere, where only lines that changed are repeated. The first line says what goes on and for
 * how long, so that nobody wonders. Close it.
 */
final class ProgressBoard implements AutoCloseable {
  private static final long TERMINAL_MILLIS = 250;
  private static final long PLAIN_MILLIS = 2_000;

  private final Screen screen;
  private final Supplier<String> title;
  private final Supplier<List<String>> lines;
  private final long began = System.nanoTime();
  private final Timer clock = new Timer("progress-board", true);
  private List<String> before = List.of();

  ProgressBoard(Screen screen, Supplier<String> title, Supplier<List<String>> lines) {
    this.screen = screen;
    this.title = title;
    this.lines = lines;
    long period = screen.terminal() ? TERMINAL_MILLIS : PLAIN_MILLIS;
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            draw();
          }
        },
        period,
        period);
  }

  /** Draws once more and leaves the lines standing. */
  @Override
  public void close() {
    clock.cancel();
    draw();
    screen.keep();
  }

  private synchronized void draw() {
    long seconds = (System.nanoTime() - began) / 1_000_000_000;
    List<String> now = lines.get();
    List<String> shown = new ArrayList<>();
    shown.add("  %s, %d s".formatted(title.get(), seconds));
    for (String line : now) {
      if (screen.terminal() || !before.contains(line)) {
        shown.add(line);
      }
    }
    before = now;
    screen.draw(shown);
  }
}
