// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.task.Client;
import dev.partita.task.ClientWork;
import dev.partita.task.ObjectInfo;
import dev.partita.task.Overview;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;

/** Objects that this pod owns: what its tasks and calls made, and what was put. */
@Path("/api/objects")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class ObjectsResource {
  private static final Listing<ObjectInfo> LISTING =
      new Listing<>(
          "objects",
          ObjectInfo::id,
          ObjectInfo::state,
          ObjectInfo::maker,
          List.of(
              new Listing.Key<>("id", ObjectInfo::id),
              new Listing.Key<>("bytes", object -> Listing.key(object.bytes())),
              new Listing.Key<>("state", ObjectInfo::state),
              new Listing.Key<>("maker", ObjectInfo::maker)));

  @Inject private Overview overview;
  @Inject private ClientWork work;
  @Context private SecurityContext caller;

  /**
   * Those that anybody refers to, in pages. {@code name} looks for a part of the name of the task
   * that makes it, {@code sort} is id, bytes, state or maker, with - before it for the largest
   * first, {@code after} takes {@code next} of the page before.
   */
  @GET
  public JsonObject objects(@BeanParam ListQuery query) {
    return LISTING.page(overview.objects(client()), query.asked(), ObjectsResource::json);
  }

  /** How many there are in each state, and their bytes. */
  @GET
  @Path("summary")
  public JsonObject summary() {
    List<ObjectInfo> all = overview.objects(client());
    return Json.createObjectBuilder(LISTING.summary(all))
        .add("bytes", all.stream().mapToLong(ObjectInfo::bytes).sum())
        .build();
  }

  /** One object; its value is told with the task that made it. */
  @GET
  @Path(Answers.ID)
  public JsonObject object(@PathParam("id") String id) {
    return json(overview.object(client(), id)).build();
  }

  /**
   * Lets go of the result of a task or call that a client asked for; one that a program refers to
   * is refused with 409.
   */
  @DELETE
  @Path(Answers.ID)
  @RolesAllowed({ADMIN, SUBMITTER})
  public void delete(@PathParam("id") String id) {
    work.deleteObject(client(), id);
  }

  private Client client() {
    return Answers.client(caller);
  }

  private static JsonObjectBuilder json(ObjectInfo object) {
    return Json.createObjectBuilder()
        .add("id", object.id())
        .add("state", object.state())
        .add("owner", object.owner())
        .add("bytes", object.bytes())
        .add("maker", object.maker())
        .add("pod", object.held().pod())
        .add("references", object.held().references())
        .add("borrowers", Json.createArrayBuilder(object.held().borrowers()));
  }
}
