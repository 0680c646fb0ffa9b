// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.batch.JobHistory;
import dev.partita.batch.JobLauncher;
import dev.partita.batch.StepExecutionInfo;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** Steps by their own id, and the names of the packaged jobs. */
@Path("/ibm/api/batch")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class StepExecutionsResource {
  @Inject private JobLauncher launcher;
  @Inject private JobHistory history;
  @Inject private JobAccess access;
  @Context private SecurityContext caller;
  @Context private HttpServletRequest request;
  @Context private UriInfo uri;

  @GET
  @Path("stepexecutions/{stepExecutionId}")
  public JsonArray step(@PathParam("stepExecutionId") String stepExecutionId) {
    StepExecutionInfo step = history.step(Ids.parse(stepExecutionId));
    access.readable(step.instanceId(), caller);
    return new JobJson(ApiVersion.root(request, uri)).steps(List.of(step));
  }

  @GET
  @Path("jobdefinitions")
  public JsonObject definitions() {
    return Json.createObjectBuilder()
        .add("jobdefinitions", Json.createArrayBuilder(launcher.jobDefinitions()))
        .build();
  }
}
