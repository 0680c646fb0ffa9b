// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.BodyReader;
import dev.partita.task.Client;
import dev.partita.task.ClientWork;
import dev.partita.task.Overview;
import dev.partita.task.TaskInfo;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Tasks and calls to actors that this pod owns, and results of those that clients asked for. */
@Path("/api/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class TasksResource {
  private static final int MOST_WAIT_SECONDS = 30;
  private static final Listing<TaskInfo> LISTING =
      new Listing<>(
          "tasks",
          TaskInfo::id,
          TaskInfo::state,
          TaskInfo::name,
          List.of(
              new Listing.Key<>("submitted", task -> Listing.key(task.run().submitted())),
              new Listing.Key<>("started", task -> Listing.key(task.run().started())),
              new Listing.Key<>("ended", task -> Listing.key(task.run().ended())),
              new Listing.Key<>("name", TaskInfo::name),
              new Listing.Key<>("state", TaskInfo::state),
              new Listing.Key<>("id", TaskInfo::id)));

  @Inject private Overview overview;
  @Inject private ClientWork work;
  @Inject private PartitaConfig config;
  @Context private SecurityContext caller;

  /**
   * Those that have not ended and the last thousand that have, in pages. {@code name} looks for a
   * part of the name, {@code sort} is submitted, started, ended, name, state or id, with - before
   * it for the largest first, {@code after} takes {@code next} of the page before.
   */
  @GET
  public JsonObject tasks(@BeanParam ListQuery query) {
    return LISTING.page(overview.tasks(client()), query.asked(), TasksResource::json);
  }

  /** How many there are in each state. */
  @GET
  @Path("summary")
  public JsonObject summary() {
    return LISTING.summary(overview.tasks(client()));
  }

  /** Names of the tasks that may be submitted, and of the classes of actors. */
  @GET
  @Path("registered")
  public JsonObject registered() {
    Overview.Registered names = overview.registered();
    return Json.createObjectBuilder()
        .add("tasks", Json.createArrayBuilder(names.tasks()))
        .add("actors", Json.createArrayBuilder(names.actors()))
        .build();
  }

  /**
   * Has a task run: {@code {"task":"Texts.count","arguments":["to be"],"options":{…}}}. Its result
   * is kept while it is among the last thousand of this pod's clients that ended.
   */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response submit(InputStream body) throws IOException {
    WorkRequest request =
        WorkRequest.read(text(body, config), Set.of("task", "arguments", "options"));
    Client client = client();
    String id =
        work.submit(
            client,
            request.required("task"),
            request.arguments(),
            request.taskOptions((group, index) -> work.bundle(client, group, index)));
    return created("/api/tasks/" + id, shown(client, id));
  }

  /**
   * One task or call, with its result or failure.
   *
   * @param waitSeconds how long it is waited for if it has not ended, 0 to 30
   */
  @GET
  @Path(Answers.ID)
  public JsonObject task(
      @PathParam("id") String id, @QueryParam("waitSeconds") @DefaultValue("0") int waitSeconds) {
    if (waitSeconds < 0 || waitSeconds > MOST_WAIT_SECONDS) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "waitSeconds is 0 to " + MOST_WAIT_SECONDS + ": " + waitSeconds);
    }
    Client client = client();
    if (waitSeconds > 0) {
      work.await(client, id, Duration.ofSeconds(waitSeconds));
    }
    return shown(client, id);
  }

  /** Asks it to end; nothing happens if it has. */
  @POST
  @Path(Answers.ID + "/cancel")
  @RolesAllowed({ADMIN, SUBMITTER})
  public JsonObject cancel(@PathParam("id") String id) {
    Client client = client();
    work.cancel(client, id);
    return shown(client, id);
  }

  private JsonObject shown(Client client, String id) {
    JsonObjectBuilder task = json(overview.task(client, id));
    ClientWork.Result result = work.result(client, id);
    if (result.json() != null) {
      task.add("result", Answers.value(result.json()));
    } else if (result.tooLarge()) {
      task.add("resultTooLarge", true);
    }
    return task.build();
  }

  private Client client() {
    return Answers.client(caller);
  }

  static String text(InputStream body, PartitaConfig config) throws IOException {
    return BodyReader.text(body, config.doors().maxBodyBytes());
  }

  static Response created(String location, JsonObject what) {
    return Response.status(Response.Status.CREATED)
        .header("Location", URI.create(location).toString())
        .entity(what)
        .build();
  }

  private static JsonObjectBuilder json(TaskInfo task) {
    TaskInfo.Run run = task.run();
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("id", task.id())
            .add("name", task.name())
            .add("kind", task.kind())
            .add("state", task.state())
            .add("owner", task.owner())
            .add("pod", run.pod())
            .add("attempt", run.attempt())
            .add("submitted", Listing.json(run.submitted()))
            .add("started", Listing.json(run.started()))
            .add("ended", Listing.json(run.ended()));
    return task.failure() == null ? json : json.add("error", Answers.failure(task.failure()));
  }
}
