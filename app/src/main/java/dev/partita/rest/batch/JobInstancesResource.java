// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.batch.JobExecutionInfo;
import dev.partita.batch.JobHistory;
import dev.partita.batch.JobInstanceInfo;
import dev.partita.batch.JobLauncher;
import dev.partita.batch.JobSubmission;
import dev.partita.config.PartitaConfig;
import dev.partita.config.PodClock;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.BodyReader;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Job instances: submitted, found, stopped, restarted, purged. */
@Path("/ibm/api/batch")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class JobInstancesResource {
  private static final String UNRECOGNIZED = "X-IBM-Unrecognized-Fields";

  @Inject private JobLauncher launcher;
  @Inject private JobHistory history;
  @Inject private JobAccess access;
  @Inject private PartitaConfig config;
  @Context private SecurityContext caller;
  @Context private HttpServletRequest request;
  @Context private UriInfo uri;

  @GET
  @Path("jobinstances")
  public Response search() {
    JobSearch search = parsed();
    JobJson json = json();
    JsonArrayBuilder found = Json.createArrayBuilder();
    access
        .search(search.query(), caller)
        .forEach(instance -> found.add(json.instance(instance, List.of())));
    Response.ResponseBuilder answer = Response.ok(found.build());
    if (!search.unrecognized().isEmpty()) {
      answer.header(
          UNRECOGNIZED, String.join(",", search.unrecognized()).replaceAll("[^ -~]", "?"));
    }
    return answer.build();
  }

  @POST
  @Path("jobinstances")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response submit(InputStream body) throws IOException {
    return submit(SubmissionReader.submission(text(body), null, name()));
  }

  /** The parts {@code jobdata} (the JSON) and {@code jsl} (the job XML). */
  @POST
  @Path("jobinstances")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response submitForm(List<EntityPart> parts) throws IOException {
    return submit(SubmissionReader.submission(part(parts, "jobdata"), part(parts, "jsl"), name()));
  }

  /** The body is the job XML, the query holds the job parameters. */
  @POST
  @Path("jobinstances")
  @Consumes({MediaType.APPLICATION_XML, MediaType.TEXT_XML})
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response submitXml(InputStream body) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    uri.getQueryParameters().forEach((key, values) -> parameters.put(key, values.get(0)));
    return submit(new JobSubmission("partita", null, text(body), parameters, name()));
  }

  /** Purges what the search finds; a search for nothing in particular is refused. */
  @DELETE
  @Path("jobinstances")
  @RolesAllowed({ADMIN, SUBMITTER})
  public JsonArray purgeFound(@QueryParam("purgeJobStoreOnly") boolean storeOnly) {
    JobSearch search = parsed();
    if (!search.restricted() || !search.unrecognized().isEmpty()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "a purge of many instances must say which; not understood: " + search.unrecognized());
    }
    JsonArrayBuilder purged = Json.createArrayBuilder();
    for (JobInstanceInfo instance : access.search(search.query(), caller)) {
      purged.add(purged(instance.instanceId(), storeOnly));
    }
    return purged.build();
  }

  @GET
  @Path("jobinstances/{instanceId}")
  public JsonObject instance(@PathParam("instanceId") String instanceId) {
    JobInstanceInfo instance = access.readable(Ids.parse(instanceId), caller);
    return json().instance(instance, history.executions(instance.instanceId()));
  }

  @DELETE
  @Path("jobinstances/{instanceId}")
  @RolesAllowed({ADMIN, SUBMITTER})
  public Response purge(
      @PathParam("instanceId") String instanceId,
      @QueryParam("purgeJobStoreOnly") boolean storeOnly) {
    JobInstanceInfo instance = access.writable(Ids.parse(instanceId), caller);
    launcher.purge(instance.instanceId(), storeOnly);
    return Response.ok().build();
  }

  @PUT
  @Path("jobinstances/{instanceId}")
  @RolesAllowed({ADMIN, SUBMITTER})
  public JsonObject act(
      @PathParam("instanceId") String instanceId,
      @QueryParam("action") @Nullable String action,
      @QueryParam("reusePreviousParams") boolean reuse,
      InputStream body)
      throws IOException {
    JobInstanceInfo instance = access.writable(Ids.parse(instanceId), caller);
    JobExecutionInfo newest = history.executions(instance.instanceId()).get(0);
    switch (action == null ? "" : action) {
      case "stop" -> {
        launcher.stop(newest.executionId());
        return json().execution(history.execution(newest.executionId()), List.of());
      }
      case "restart" -> {
        launcher.restart(newest.executionId(), SubmissionReader.restart(text(body)), reuse);
        return instance(instanceId);
      }
      default ->
          throw new PartitaException(
              ErrorCode.INVALID_ARGUMENT, "action must be stop or restart, not '" + action + "'");
    }
  }

  @GET
  @Path("jobinstances/{instanceId}/jobexecutions")
  public JsonArray executions(@PathParam("instanceId") String instanceId) {
    JobInstanceInfo instance = access.readable(Ids.parse(instanceId), caller);
    JobJson json = json();
    JsonArrayBuilder all = Json.createArrayBuilder();
    history
        .executions(instance.instanceId())
        .forEach(
            execution ->
                all.add(json.execution(execution, history.steps(execution.executionId()))));
    return all.build();
  }

  /** The n-th execution of the instance; the first is 0. */
  @GET
  @Path("jobinstances/{instanceId}/jobexecutions/{number}")
  public JsonObject execution(
      @PathParam("instanceId") String instanceId, @PathParam("number") String number) {
    JobInstanceInfo instance = access.readable(Ids.parse(instanceId), caller);
    List<JobExecutionInfo> newestFirst = history.executions(instance.instanceId());
    long index = newestFirst.size() - 1 - Ids.parse(number);
    if (index < 0 || index >= newestFirst.size()) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND, "job instance " + instanceId + " has no execution " + number);
    }
    JobExecutionInfo execution = newestFirst.get((int) index);
    return json().execution(execution, history.steps(execution.executionId()));
  }

  private Response submit(JobSubmission submission) {
    long id = launcher.submit(submission).instanceId();
    return Response.created(URI.create(root() + "jobinstances/" + id))
        .entity(json().instance(history.instance(id), history.executions(id)))
        .build();
  }

  private JsonObjectBuilder purged(long instanceId, boolean storeOnly) {
    String status = "COMPLETED";
    String message = "Successful purge.";
    try {
      access.writable(instanceId, caller);
      launcher.purge(instanceId, storeOnly);
    } catch (PartitaException e) {
      status = e.code() == ErrorCode.CONFLICT ? "STILL_ACTIVE" : "FAILED";
      message = String.valueOf(e.getMessage());
    }
    return Json.createObjectBuilder()
        .add("instanceId", instanceId)
        .add("purgeStatus", status)
        .add("message", message);
  }

  private JobSearch parsed() {
    return JobSearch.parse(uri.getQueryParameters(), ApiVersion.of(request), PodClock.now());
  }

  private String part(List<EntityPart> parts, String name) throws IOException {
    for (EntityPart part : parts) {
      if (part.getName().equals(name)) {
        return text(part.getContent());
      }
    }
    throw new PartitaException(
        ErrorCode.INVALID_ARGUMENT, "the form must have a part named " + name);
  }

  private String text(InputStream body) throws IOException {
    return BodyReader.text(body, config.doors().maxBodyBytes());
  }

  private String name() {
    return caller.getUserPrincipal().getName();
  }

  private JobJson json() {
    return new JobJson(root());
  }

  private String root() {
    return ApiVersion.root(request, uri);
  }
}
