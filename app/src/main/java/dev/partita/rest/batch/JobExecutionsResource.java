// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.batch.JobExecutionInfo;
import dev.partita.batch.JobHistory;
import dev.partita.batch.JobLauncher;
import dev.partita.batch.StepExecutionInfo;
import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.BodyReader;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executions of jobs and their steps. */
@Path("/ibm/api/batch")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class JobExecutionsResource {
  @Inject private JobLauncher launcher;
  @Inject private JobHistory history;
  @Inject private JobAccess access;
  @Inject private PartitaConfig config;
  @Context private SecurityContext caller;
  @Context private HttpServletRequest request;
  @Context private UriInfo uri;

  @PathParam("executionId")
  private String executionId = "";

  @GET
  @Path("jobexecutions/{executionId}")
  public JsonObject execution() {
    JobExecutionInfo execution = readable();
    return json().execution(execution, history.steps(execution.executionId()));
  }

  @PUT
  @Path("jobexecutions/{executionId}")
  @RolesAllowed({ADMIN, SUBMITTER})
  public JsonObject act(
      @QueryParam("action") @Nullable String action,
      @QueryParam("reusePreviousParams") boolean reuse,
      InputStream body)
      throws IOException {
    JobExecutionInfo execution = readable();
    access.writable(execution.instanceId(), caller);
    long result =
        switch (action == null ? "" : action) {
          case "stop" -> {
            launcher.stop(execution.executionId());
            yield execution.executionId();
          }
          case "restart" -> {
            String text = BodyReader.text(body, config.doors().maxBodyBytes());
            yield launcher
                .restart(execution.executionId(), SubmissionReader.restart(text), reuse)
                .executionId();
          }
          default ->
              throw new PartitaException(
                  ErrorCode.INVALID_ARGUMENT,
                  "action must be stop or restart, not '" + action + "'");
        };
    return json().execution(history.execution(result), List.of());
  }

  @GET
  @Path("jobexecutions/{executionId}/jobinstance")
  public JsonObject instance() {
    long instanceId = readable().instanceId();
    return json().instance(history.instance(instanceId), history.executions(instanceId));
  }

  @GET
  @Path("jobexecutions/{executionId}/stepexecutions")
  public JsonArray steps() {
    return json().steps(history.steps(readable().executionId()));
  }

  @GET
  @Path("jobexecutions/{executionId}/stepexecutions/{step}")
  public JsonArray step(@PathParam("step") String step) {
    List<StepExecutionInfo> found =
        history.steps(readable().executionId()).stream()
            .filter(execution -> execution.stepName().equals(step))
            .toList();
    if (found.isEmpty()) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND, "execution " + executionId + " has no step '" + step + "'");
    }
    return json().steps(found);
  }

  private JobExecutionInfo readable() {
    return access.readableExecution(Ids.parse(executionId), caller);
  }

  private JobJson json() {
    return new JobJson(ApiVersion.root(request, uri));
  }
}
