// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.config.PartitaConfig;
import dev.partita.task.ActorInfo;
import dev.partita.task.Client;
import dev.partita.task.ClientWork;
import dev.partita.task.Overview;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/** Actors that this pod owns, wherever they live. */
@Path("/api/actors")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class ActorsResource {
  private static final Listing<ActorInfo> LISTING =
      new Listing<>(
          "actors",
          ActorInfo::id,
          ActorInfo::state,
          actor -> actor.name().isEmpty() ? actor.type() : actor.name(),
          List.of(
              new Listing.Key<>("created", actor -> Listing.key(actor.life().created())),
              new Listing.Key<>("class", ActorInfo::type),
              new Listing.Key<>("name", ActorInfo::name),
              new Listing.Key<>("state", ActorInfo::state),
              new Listing.Key<>("restarts", actor -> Listing.key(actor.life().restarts())),
              new Listing.Key<>("waiting", actor -> Listing.key(actor.load().waiting())),
              new Listing.Key<>("id", ActorInfo::id)));

  @Inject private Overview overview;
  @Inject private ClientWork work;
  @Inject private PartitaConfig config;
  @Context private SecurityContext caller;

  /**
   * Those that live and the last thousand that died, in pages. {@code name} looks for a part of the
   * name, or of the class of one that has none, {@code sort} is created, class, name, state,
   * restarts, waiting or id, with - before it for the largest first, {@code after} takes {@code
   * next} of the page before.
   */
  @GET
  public JsonObject actors(@BeanParam ListQuery query) {
    return LISTING.page(overview.actors(client()), query.asked(), ActorsResource::json);
  }

  /** How many there are in each state. */
  @GET
  @Path("summary")
  public JsonObject summary() {
    return LISTING.summary(overview.actors(client()));
  }

  /**
   * Begins an actor: {@code {"class":"Counter","argument":100,"options":{…}}}. It lives until it is
   * killed, or this pod ends.
   */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response begin(InputStream body) throws IOException {
    WorkRequest request =
        WorkRequest.read(TasksResource.text(body, config), Set.of("class", "argument", "options"));
    Client client = client();
    String id =
        work.begin(
            client,
            request.required("class"),
            request.json("argument"),
            request.actorOptions((group, index) -> work.bundle(client, group, index)));
    return TasksResource.created("/api/actors/" + id, json(overview.actor(client, id)).build());
  }

  /** One actor. */
  @GET
  @Path(Answers.ID)
  public JsonObject actor(@PathParam("id") String id) {
    return json(overview.actor(client(), id)).build();
  }

  /**
   * Calls it: {@code {"method":"add","arguments":[1],"delivery":"EXACTLY_ONCE"}}. The answer names
   * the call, whose result is found as that of a task.
   */
  @POST
  @Path(Answers.ID + "/calls")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response call(@PathParam("id") String id, InputStream body) throws IOException {
    WorkRequest request =
        WorkRequest.read(
            TasksResource.text(body, config), Set.of("method", "arguments", "delivery"));
    String call =
        work.call(
            client(), id, request.required("method"), request.arguments(), request.delivery());
    return TasksResource.created(
        "/api/tasks/" + call, Json.createObjectBuilder().add("id", call).build());
  }

  /** Kills it: its calls fail, and it is not restarted. Nothing happens if it is dead. */
  @DELETE
  @Path(Answers.ID)
  @RolesAllowed({ADMIN, SUBMITTER})
  public JsonObject kill(@PathParam("id") String id) {
    Client client = client();
    work.kill(client, id);
    return json(overview.actor(client, id)).build();
  }

  private Client client() {
    return Answers.client(caller);
  }

  private static JsonObjectBuilder json(ActorInfo actor) {
    ActorInfo.Life life = actor.life();
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("id", actor.id())
            .add("class", actor.type())
            .add("name", actor.name())
            .add("state", actor.state())
            .add("owner", actor.owner())
            .add("pod", life.pod())
            .add("generation", life.generation())
            .add("restarts", life.restarts())
            .add("created", Listing.json(life.created()))
            .add("waiting", actor.load().waiting())
            .add("underWay", actor.load().underWay());
    return life.death() == null ? json : json.add("error", Answers.failure(life.death()));
  }
}
