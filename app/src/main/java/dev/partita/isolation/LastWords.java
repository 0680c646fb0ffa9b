// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a child prints: it goes to the server's log, and the last of it is remembered. */
final class LastWords implements Runnable {
  private static final System.Logger LOG = System.getLogger("dev.partita.isolation");
  private static final int LINES = 5;
  private static final int LINE_LENGTH = 500;
  private static final long AFTER_DEATH_MILLIS = 500;

  private final String worker;
  private final InputStream printed;
  private final Deque<String> last = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  LastWords(String worker, InputStream printed) {
    this.worker = worker;
    this.printed = printed;
  }

  /** Until the child ends. */
  @Override
  public void run() {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(printed, UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int c = lines.read(); c >= 0; c = lines.read()) {
        if (c != '\n' && line.length() < LINE_LENGTH) {
          line.append((char) c);
        } else if (c == '\n') {
          take(line.toString());
          line.setLength(0);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Worker {0} prints nothing any more: {1}", worker, e);
    } finally {
      ended.countDown();
    }
  }

  /** Waits a moment for what a dead child had printed. */
  void await() {
    try {
      boolean all = ended.await(AFTER_DEATH_MILLIS, TimeUnit.MILLISECONDS);
      LOG.log(Level.DEBUG, "Worker {0} printed {1}", worker, all ? "no more" : "on");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(String line) {
    LOG.log(Level.INFO, "[{0}] {1}", worker, line);
    synchronized (last) {
      last.add(line);
      if (last.size() > LINES) {
        last.remove();
      }
    }
  }

  /** Empty, or a clause. */
  @Override
  public String toString() {
    synchronized (last) {
      return last.isEmpty() ? "" : "; its last words: " + String.join(" | ", last);
    }
  }
}
