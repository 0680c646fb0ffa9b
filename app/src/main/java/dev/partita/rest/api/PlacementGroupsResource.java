// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.task.Client;
import dev.partita.task.ClientWork;
import dev.partita.task.Overview;
import dev.partita.task.PlacementGroupInfo;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
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
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Placement groups that this pod had reserved. */
@Path("/api/placement-groups")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class PlacementGroupsResource {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(30);
  private static final Listing<PlacementGroupInfo> LISTING =
      new Listing<>(
          "placementGroups",
          PlacementGroupInfo::id,
          group -> "RESERVED",
          PlacementGroupInfo::id,
          List.of(
              new Listing.Key<>("id", PlacementGroupInfo::id),
              new Listing.Key<>("bundles", group -> Listing.key(group.bundles().size()))));

  @Inject private Overview overview;
  @Inject private ClientWork work;
  @Inject private PartitaConfig config;
  @Context private SecurityContext caller;

  /**
   * Those that are kept, in pages. {@code name} looks for a part of the id, {@code sort} is id or
   * bundles, with - before it for the largest first, {@code after} takes {@code next} of the page
   * before.
   */
  @GET
  public JsonObject groups(@BeanParam ListQuery query) {
    return LISTING.page(overview.groups(client()), query.asked(), PlacementGroupsResource::json);
  }

  /** How many there are. */
  @GET
  @Path("summary")
  public JsonObject summary() {
    return LISTING.summary(overview.groups(client()));
  }

  /**
   * Reserves all bundles or none: {@code {"bundles":["cpu=1","cpu=1,gpu=0.5"],"strategy":"SPREAD",
   * "timeout":"PT10S"}}. Kept until it is released, or this pod ends.
   */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response reserve(InputStream body) throws IOException {
    WorkRequest request =
        WorkRequest.read(
            TasksResource.text(body, config), Set.of("bundles", "strategy", "timeout"));
    Duration patience = request.duration("timeout", PATIENCE);
    if (patience.isNegative() || patience.compareTo(MOST_PATIENCE) > 0) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "timeout is PT0S to " + MOST_PATIENCE + ": " + patience);
    }
    Client client = client();
    String id = work.reserve(client, request.placementGroup(), patience);
    return TasksResource.created(
        "/api/placement-groups/" + id, json(overview.group(client, id)).build());
  }

  /** One group. */
  @GET
  @Path(Answers.ID)
  public JsonObject group(@PathParam("id") String id) {
    return json(overview.group(client(), id)).build();
  }

  /** Gives everything back; what runs in it runs on, what waits for a place in it fails. */
  @DELETE
  @Path(Answers.ID)
  @RolesAllowed({ADMIN, SUBMITTER})
  public void release(@PathParam("id") String id) {
    work.release(client(), id);
  }

  private Client client() {
    return Answers.client(caller);
  }

  private static JsonObjectBuilder json(PlacementGroupInfo group) {
    JsonArrayBuilder bundles = Json.createArrayBuilder();
    group
        .bundles()
        .forEach(
            bundle ->
                bundles.add(
                    Json.createObjectBuilder()
                        .add("index", bundle.index())
                        .add("pod", bundle.pod())));
    return Json.createObjectBuilder()
        .add("id", group.id())
        .add("owner", group.owner())
        .add("bundles", bundles);
  }
}
