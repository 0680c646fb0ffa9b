// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.EventStream;
import dev.partita.it.server.JobEvent;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.UnexpectedAnswerException;
import java.io.UncheckedIOException;

/**
 * Reads the events of one job instance on a thread of its own, across kills of the server, into a
 * {@link JobView}, until the job is over. Close it.
 */
final class JobFollower implements AutoCloseable {
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
    try {
      while (!closed && !view.ended()) {
        read();
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException e) {
      if (!closed) {
        view.end("UNREADABLE: " + e);
      }
    }
  }

  /** Returns when the job is over, or the server is away. */
  private void read() {
    try (EventStream events = client.events(instanceId, lastId)) {
      JobEvent event = events.next();
      while (event != null) {
        lastId = event.id();
        view.add(event);
        event = view.ended() ? null : events.next();
      }
    } catch (UncheckedIOException | UnexpectedAnswerException e) {
      return; // the server is away or still starting: it is asked again
    }
  }
}
