// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import dev.partita.batch.JobEvents;
import dev.partita.batch.StoredEvent;
import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends the events of a job to those who watch. Each stream holds a request thread, so their number
 * is bounded; a comment every few seconds finds out who has left. Events come from the database, in
 * order, each once; the doorbell only says when to look.
 */
@ApplicationScoped
public class EventStreams {
  private static final int BATCH = 500;

  /** Events that another pod stored ring no bell here. */
  private static final long LOOK_SECONDS = 1;

  private static final int LOOKS_PER_HEARTBEAT = 5;

  private final JobEvents events;
  private final Semaphore places;
  private volatile boolean closing;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected EventStreams() {
    events = null;
    places = new Semaphore(0);
  }

  @Inject
  public EventStreams(JobEvents events, PartitaConfig config) {
    this.events = events;
    this.places = new Semaphore(config.doors().maxEventClients());
  }

  /**
   * Takes a place for {@link #send}.
   *
   * @throws PartitaException UNAVAILABLE when all are taken
   */
  void enter() {
    if (!places.tryAcquire()) {
      throw new PartitaException(
          ErrorCode.UNAVAILABLE,
          "too many event streams are open; see partita.http.max-event-clients");
    }
  }

  /** Sends until the client leaves or the server ends, then gives the place back. */
  void send(long instanceId, long after, OutputStream out) throws IOException {
    Semaphore bell = new Semaphore(0);
    JobEvents.Subscription subscription = events.subscribe(instanceId, bell::release);
    try {
      out.write("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      long seq = after;
      int looks = 0;
      while (!closing) {
        bell.drainPermits(); // before looking: a ring from here on is not lost
        List<StoredEvent> batch = events.after(instanceId, seq, BATCH);
        for (StoredEvent event : batch) {
          out.write(frame(event));
          seq = event.seq();
        }
        if (!batch.isEmpty()) {
          out.flush();
          looks = 0;
        } else if (!bell.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS)
            && ++looks % LOOKS_PER_HEARTBEAT == 0) {
          out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      subscription.close();
      places.release();
    }
  }

  @PreDestroy
  void close() {
    closing = true;
  }

  private static byte[] frame(StoredEvent event) {
    String text =
        "id: "
            + event.seq()
            + "\nevent: "
            + event.type().word()
            + "\ndata: "
            + event.json()
            + "\n\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
