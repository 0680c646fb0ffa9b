// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.cluster.Membership;
import dev.partita.cluster.Node;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The pods of the cluster. */
@Path("/api/nodes")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class NodesResource {
  @Inject private Membership membership;

  /** Members and those of the last hour, by id; an empty list on a database of one pod. */
  @GET
  public JsonArray nodes() {
    JsonArrayBuilder all = Json.createArrayBuilder();
    membership.nodes().forEach(node -> all.add(json(node)));
    return all.build();
  }

  private static JsonObjectBuilder json(Node node) {
    JsonObjectBuilder labels = Json.createObjectBuilder();
    node.labels().forEach(labels::add);
    return Json.createObjectBuilder()
        .add("id", node.id())
        .add("incarnation", node.incarnation())
        .add("state", node.state().name())
        .add("address", node.address())
        .add("labels", labels)
        .add("cpus", node.capacity().cpus())
        .add("gpus", node.capacity().gpus())
        .add("memoryBytes", node.capacity().memoryBytes())
        .add("application", node.application())
        .add("version", node.version())
        .add("joined", node.joined().toString())
        .add("leaseUntil", node.leaseUntil().toString());
  }
}
