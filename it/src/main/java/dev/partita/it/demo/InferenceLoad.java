// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.PartitaClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends single texts to the model, each connection one after the other, and takes the time. */
final class InferenceLoad {
  private static final List<String> TEXTS =
      List.of(
          "a small wild cat with a spotted coat",
          "to feel great joy about something",
          "a tool with a sharp blade for cutting wood",
          "a sweet cake baked with apples and butter",
          "the branch of science that studies the stars",
          "to walk slowly and without aim",
          "an officer who commands a ship",
          "a sudden storm with heavy rain and thunder");

  private InferenceLoad() {}

  /**
   * Returns when all {@code requests} are answered.
   *
   * @throws DemoFailedException if one is not answered with 200
   */
  static Latencies run(
      Screen screen, PartitaClient client, String model, int requests, int connections) {
    long[] nanos = new long[requests];
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    ProgressBoard board =
        new ProgressBoard(
            screen,
            () -> "%,d of %,d sent".formatted(Math.min(next.get(), requests), requests),
            List::of);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        ends.add(threads.submit(() -> send(client, model, next, nanos)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
      return new Latencies(nanos);
    } catch (ExecutionException e) {
      throw new DemoFailedException("An inference request failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailedException("Interrupted while sending inference requests");
    } finally {
      threads.shutdownNow();
      board.close();
    }
  }

  private static void send(PartitaClient client, String model, AtomicInteger next, long[] nanos) {
    for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
      long began = System.nanoTime();
      client.infer(model, List.of(TEXTS.get(i % TEXTS.size())));
      nanos[i] = System.nanoTime() - began;
    }
  }
}
