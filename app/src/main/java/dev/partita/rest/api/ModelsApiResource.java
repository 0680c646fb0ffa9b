// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.data.PredictionRepository;
import dev.partita.data.PredictionSummary;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.batch.JobAccess;
import dev.partita.serve.ModelRepository;
import dev.partita.serve.ModelVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;

/** What training left: models and their versions; what classifying left: predictions. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class ModelsApiResource {
  @Inject private ModelRepository models;
  @Inject private PredictionRepository predictions;
  @Inject private JobAccess access;
  @Context private SecurityContext caller;

  /** {@code [{"name":…,"latest":{…}}]}. */
  @GET
  @Path("models")
  public JsonArray models() {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (String name : models.names()) {
      JsonObjectBuilder model = Json.createObjectBuilder().add("name", name);
      models.latest(name).ifPresent(version -> model.add("latest", json(version)));
      all.add(model);
    }
    return all.build();
  }

  /** The newest first. */
  @GET
  @Path("models/{name}/versions")
  public JsonArray versions(@PathParam("name") String name) {
    List<ModelVersion> versions = models.versions(name);
    if (versions.isEmpty()) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND, "no version of model '" + name + "' is registered");
    }
    JsonArrayBuilder all = Json.createArrayBuilder();
    versions.forEach(version -> all.add(json(version)));
    return all.build();
  }

  /** What a classify job wrote so far, against what it set out to write. */
  @GET
  @Path("predictions/{instanceId}/summary")
  public JsonObject predictions(@PathParam("instanceId") long instanceId) {
    access.readable(instanceId, caller);
    PredictionSummary summary = predictions.summary(instanceId);
    return Json.createObjectBuilder()
        .add("total", summary.total())
        .add("distinct", summary.distinct())
        .add("duplicates", summary.duplicates())
        .add("expected", summary.expected())
        .add("lost", summary.lost())
        .build();
  }

  private static JsonObjectBuilder json(ModelVersion version) {
    return Json.createObjectBuilder()
        .add("name", version.name())
        .add("version", version.version())
        .add("weightsSha256", version.weightsSha256())
        .add("accuracy", version.accuracy())
        .add("macroF1", version.macroF1())
        .add("classes", Json.createArrayBuilder(version.classNames()))
        .add("dims", version.dims())
        .add("buckets", version.buckets())
        .add("trainedTexts", version.trainedTexts())
        .add("created", version.created().toString())
        .add("instanceId", version.instanceId());
  }
}
