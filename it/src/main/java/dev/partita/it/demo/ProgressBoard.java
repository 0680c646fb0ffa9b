// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;

/**
 * Keeps the bars of one job moving: four times a second in a terminal, every two seconds elsewhere.
 * When nothing is known it still shows a line, so that nobody wonders. Close it.
 */
final class ProgressBoard implements AutoCloseable {
  private static final long TERMINAL_MILLIS = 250;
  private static final long PLAIN_MILLIS = 2_000;

  private final Screen screen;
  private final JobView view;
  private final String title;
  private final long began = System.nanoTime();
  private final Timer clock = new Timer("progress-board", true);

  ProgressBoard(Screen screen, String title, JobView view) {
    this.screen = screen;
    this.title = title;
    this.view = view;
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

  /** Draws once more and leaves the bars standing. */
  @Override
  public void close() {
    clock.cancel();
    draw();
    screen.keep();
  }

  private void draw() {
    long seconds = (System.nanoTime() - began) / 1_000_000_000;
    List<String> lines = new ArrayList<>();
    lines.add("  %s, %s, %d s".formatted(title, step(), seconds));
    for (Progress p : view.now()) {
      lines.add(ProgressBar.line(p, view.metric(p.step(), "loss")));
    }
    screen.draw(lines);
  }

  private String step() {
    return view.currentStep().isEmpty() ? "waiting" : "step " + view.currentStep();
  }
}
