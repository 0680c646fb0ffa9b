// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.EventStream;
import dev.partita.it.server.JobEvent;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.UnexpectedAnswerException;
import jakarta.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the events of one job instance on a thread of its own, across kills of the server, into a
 * {@link JobView}. Close it.
 */
final class JobFollower implements AutoCloseable {
  /** An instance that is FAILED only because its restart has not begun yet is not over. */
  private static final Duration SETTLED = Duration.ofSeconds(8);

  private static final long RETRY_MILLIS = 100;

  private final PartitaClient client;
  private final long instanceId;
  private final JobView view;
  private final Thread thread;
  private String lastId = "";
  private volatile boolean closed;

  JobFollower(PartitaClient client, long instanceId, JobView view) {
    this.client = client;
    this.instanceId = instanceId;
    this.view = view;
    this.thread = new Thread(this::follow, "follow-job-" + instanceId);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void follow() {
    long unsettledSince = 0;
    while (!closed) {
      try {
        read();
        Optional<String> ended = ended();
        if (ended.isEmpty()) {
          unsettledSince = 0;
        } else if (ended.get().equals("COMPLETED")) {
          view.end("COMPLETED");
          return;
        } else if (unsettledSince == 0) {
          unsettledSince = System.nanoTime();
        } else if (System.nanoTime() - unsettledSince > SETTLED.toNanos()) {
          view.end(ended.get());
          return;
        }
        Thread.sleep(RETRY_MILLIS);
      } catch (UncheckedIOException | UnexpectedAnswerException e) {
        unsettledSince = 0; // the server is away or still starting: ask again
        if (!pause()) {
          return;
        }
      } catch (InterruptedException e) {
        return; // closed
      } catch (RuntimeException e) {
        if (!closed) {
          view.end("UNREADABLE (" + e + ")");
        }
        return;
      }
    }
  }

  private void read() {
    try (EventStream events = client.events(instanceId, lastId)) {
      JobEvent event = events.next();
      while (event != null) {
        lastId = event.id();
        view.add(event);
        event = events.next();
      }
    }
  }

  private Optional<String> ended() {
    JsonObject instance = client.instance(instanceId);
    return switch (instance.getString("batchStatus")) {
      case "COMPLETED", "FAILED", "STOPPED", "ABANDONED" ->
          Optional.of(instance.getString("batchStatus"));
      default -> Optional.empty();
    };
  }

  private boolean pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
