// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.task.TaskStatistics;
import dev.partita.task.TimelineEvent;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What ran on this pod lately, as Chrome's trace viewer and Perfetto read it. */
@Path("/api/timeline")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR})
@RequestScoped
public class TimelineResource {
  private static final int MOST_SECONDS = 3_600;

  /** The answer is of one pod; files of several may be put together after changing it. */
  private static final int PROCESS = 1;

  @Inject private TaskStatistics statistics;

  /**
   * Tasks, calls of actors and transfers of the last seconds, at most some ten thousand of them:
   * complete events of the Trace Event Format; the process is the pod.
   */
  @GET
  public JsonObject timeline(@QueryParam("seconds") @DefaultValue("300") int seconds) {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "seconds is 1 to " + MOST_SECONDS + ": " + seconds);
    }
    return trace(statistics.pod(), statistics.timeline(Duration.ofSeconds(seconds)));
  }

  static JsonObject trace(String pod, List<TimelineEvent> events) {
    JsonArrayBuilder all = Json.createArrayBuilder().add(named("process_name", 0, pod));
    Map<Long, String> threads = new TreeMap<>();
    events.forEach(event -> threads.put(event.thread().number(), event.thread().name()));
    threads.forEach((number, name) -> all.add(named("thread_name", number, name)));
    for (TimelineEvent event : events) {
      all.add(
          Json.createObjectBuilder()
              .add("name", event.name())
              .add("cat", event.kind().name().toLowerCase(Locale.ROOT))
              .add("ph", "X")
              .add("ts", event.startedMicros())
              .add("dur", event.lastedNanos() / 1e3)
              .add("pid", PROCESS)
              .add("tid", event.thread().number()));
    }
    return Json.createObjectBuilder().add("traceEvents", all).add("displayTimeUnit", "ms").build();
  }

  private static JsonObjectBuilder named(String what, long thread, String name) {
    return Json.createObjectBuilder()
        .add("name", what)
        .add("ph", "M")
        .add("pid", PROCESS)
        .add("tid", thread)
        .add("args", Json.createObjectBuilder().add("name", name));
  }
}
