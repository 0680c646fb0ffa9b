// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.batch.ClusterLoad;
import dev.partita.cluster.Membership;
import dev.partita.cluster.Node;
import dev.partita.scheduling.Resources;
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
import java.util.List;
import java.util.Map;

/** The pods of the cluster. */
@Path("/api/nodes")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class NodesResource {
  @Inject private Membership membership;
  @Inject private ClusterLoad load;

  /**
   * Members and those of the last hour, by id, with what they have and what of it is free; an empty
   * list on a database of one pod.
   */
  @GET
  public JsonArray nodes() {
    JsonArrayBuilder all = Json.createArrayBuilder();
    List<Node> nodes = membership.nodes();
    Map<String, Resources> used = nodes.isEmpty() ? Map.of() : load.takenByHolder();
    String leader = nodes.isEmpty() ? "" : load.leader();
    nodes.forEach(
        node ->
            all.add(
                json(node, used.getOrDefault(node.holder(), Resources.ZERO))
                    .add("leader", node.holder().equals(leader))));
    return all.build();
  }

  private static JsonObjectBuilder json(Node node, Resources used) {
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
        .add("gpuModel", node.capacity().gpuModel())
        .add("gpuBytes", node.capacity().gpuBytes())
        .add("free", free(node.capacity().offered(), used))
        .add("application", node.application())
        .add("version", node.version())
        .add("joined", node.joined().toString())
        .add("leaseUntil", node.leaseUntil().toString());
  }

  /** Never below 0: work may be over before its pod has said so. */
  private static JsonObjectBuilder free(Resources total, Resources used) {
    return Json.createObjectBuilder()
        .add("cpus", Math.max(0, total.cpuMilli() - used.cpuMilli()) / 1e3)
        .add("gpus", Math.max(0, total.gpuMilli() - used.gpuMilli()) / 1e3)
        .add("memoryBytes", Math.max(0, total.memoryBytes() - used.memoryBytes()));
  }
}
