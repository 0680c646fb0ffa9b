// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.batch.EventType;
import dev.partita.batch.JobEvents;
import dev.partita.batch.StoredEvent;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.batch.JobAccess;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a job tells, continuous across its executions. */
@Path("/api/jobs/{instanceId}")
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class JobEventsResource {
  private static final int MOST_POINTS = 100_000;

  @Inject private JobEvents events;
  @Inject private EventStreams streams;
  @Inject private JobAccess access;
  @Context private SecurityContext caller;
  @Context private Request request;

  /**
   * Server-sent events: the id is the sequence number, the event the type, the data one JSON
   * object. Goes on behind {@code Last-Event-ID} (or {@code after}), else from the first; stays
   * open until the client leaves.
   */
  @GET
  @Path("events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public Response events(
      @PathParam("instanceId") long instanceId,
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
      @QueryParam("after") @Nullable String after) {
    access.readable(instanceId, caller);
    long seq = seq(lastEventId == null || lastEventId.isEmpty() ? after : lastEventId);
    if (request.getMethod().equals("HEAD")) {
      return Response.ok().type(MediaType.SERVER_SENT_EVENTS).build(); // no body would end it
    }
    streams.enter();
    StreamingOutput body = out -> streams.send(instanceId, seq, out);
    return Response.ok(body, "text/event-stream; charset=utf-8")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  /** The points of all curves so far: {@code [{"name":…,"x":…,"value":…,"time":…,…},…]}. */
  @GET
  @Path("metrics")
  @Produces(MediaType.APPLICATION_JSON)
  public String metrics(@PathParam("instanceId") long instanceId) {
    access.readable(instanceId, caller);
    List<StoredEvent> points = events.after(instanceId, 0, MOST_POINTS, Set.of(EventType.METRIC));
    StringBuilder json = new StringBuilder("[");
    for (StoredEvent point : points) {
      json.append(json.length() == 1 ? "" : ",").append(point.json());
    }
    return json.append(']').toString();
  }

  private static long seq(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "Last-Event-ID '" + text + "' is no sequence number", e);
    }
  }
}
