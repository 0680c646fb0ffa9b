// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import java.time.Duration;
import java.util.List;

/** The server of the demo: starts it, kills it, brings it back, watches its memory. Close it. */
final class DemoServer implements AutoCloseable {
  private final ServerProcess process;
  private final MemoryWatch memory = new MemoryWatch();
  private final Screen screen;
  private int kills;
  private Duration firstStart = Duration.ZERO;

  DemoServer(Checkout checkout, Screen screen) {
    this.screen = screen;
    int ended = LeftoverServers.end(checkout.servers().resolve("demo"));
    if (ended > 0) {
      screen.say("Ended a server that an earlier demo had left running.");
    }
    process = new ServerProcess(checkout, ServerDirectory.create(checkout, "demo"));
  }

  /** Starts it and returns a client signed in as its administrator. */
  PartitaClient start() {
    screen.say("Starting Open Liberty with the embedded database …");
    startProcess();
    ProgressBoard board = new ProgressBoard(screen, () -> "starting", List::of);
    try {
      process.awaitReady();
    } finally {
      board.close();
    }
    firstStart = process.startTime();
    screen.say("Ready after %.1f s: pid %d, %s", seconds(firstStart), process.pid(), process.uri());
    return process.client("admin");
  }

  /**
   * {@code kill -9} and a new start.
   *
   * @return from the kill to the first ready answer
   */
  Duration killAndRevive(String when) {
    long began = System.nanoTime();
    long pid = process.killHard();
    screen.say("kill -9 %d %s; starting the server again …", pid, when);
    startProcess();
    process.awaitReady();
    kills++;
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void startProcess() {
    process.startWithoutWaiting();
    memory.follow(process.pid());
  }

  ServerProcess process() {
    return process;
  }

  /** Kills after which it came back. */
  int kills() {
    return kills;
  }

  Duration firstStart() {
    return firstStart;
  }

  long peakMegabytes() {
    return memory.peakMegabytes();
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  @Override
  public void close() {
    memory.close();
    process.close();
  }
}
