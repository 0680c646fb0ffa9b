// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.serve.ModelRepository;
import dev.partita.serve.ModelServer;
import dev.partita.serve.ModelVersion;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** What the server and its models are; the two health routes alone are open. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@ApplicationScoped
public class ModelsResource {
  @Inject private ModelRepository models;
  @Inject @Any @Readiness private Instance<HealthCheck> checks;

  @GET
  public JsonObject server() {
    return Json.createObjectBuilder()
        .add("name", "partita")
        .add("version", "0.1.0")
        .add("extensions", Json.createArrayBuilder().add("binary_tensor_data"))
        .build();
  }

  @GET
  @Path("health/live")
  @PermitAll
  public JsonObject live() {
    return Json.createObjectBuilder().add("live", true).build();
  }

  @GET
  @Path("health/ready")
  @PermitAll
  public Response ready() {
    boolean ready =
        checks.stream()
            .allMatch(check -> check.call().getStatus() == HealthCheckResponse.Status.UP);
    return Response.status(ready ? 200 : 503)
        .entity(Json.createObjectBuilder().add("ready", ready).build())
        .build();
  }

  @GET
  @Path("models/{model}")
  public JsonObject model(@PathParam("model") String model) {
    return metadata(model, ModelServer.LATEST);
  }

  @GET
  @Path("models/{model}/versions/{version}")
  public JsonObject version(
      @PathParam("model") String model, @PathParam("version") String version) {
    return metadata(model, ModelMetadata.versionOf(model, version));
  }

  @GET
  @Path("models/{model}/ready")
  public JsonObject modelReady(@PathParam("model") String model) {
    return ready(model, ModelServer.LATEST);
  }

  @GET
  @Path("models/{model}/versions/{version}/ready")
  public JsonObject versionReady(
      @PathParam("model") String model, @PathParam("version") String version) {
    return ready(model, ModelMetadata.versionOf(model, version));
  }

  private JsonObject metadata(String model, int version) {
    ModelVersion found = models.require(model, version);
    return ModelMetadata.json(found, models.versions(model));
  }

  /** A registered version is ready: it is loaded by the first request that needs it. */
  private JsonObject ready(String model, int version) {
    return Json.createObjectBuilder()
        .add("name", models.require(model, version).name())
        .add("ready", true)
        .build();
  }
}
