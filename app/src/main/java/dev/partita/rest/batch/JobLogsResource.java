// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.batch.JobExecutionInfo;
import dev.partita.batch.JobHistory;
import dev.partita.batch.JobInstanceInfo;
import dev.partita.batch.JobLog;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Job logs: as text in one piece, as a zip, or (with no type) as links to those. */
@Path("/ibm/api/batch")
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class JobLogsResource {
  @Inject private JobHistory history;
  @Inject private JobAccess access;
  @Inject private JobLog log;
  @Context private SecurityContext caller;
  @Context private HttpServletRequest request;
  @Context private UriInfo uri;

  @GET
  @Path("jobinstances/{instanceId}/joblogs")
  public Response ofInstance(
      @PathParam("instanceId") String instanceId, @QueryParam("type") @Nullable String type) {
    JobInstanceInfo instance = access.readable(Ids.parse(instanceId), caller);
    List<JobExecutionInfo> oldestFirst = new ArrayList<>(history.executions(instance.instanceId()));
    Collections.reverse(oldestFirst);
    return answer("jobinstances/" + instance.instanceId(), type, oldestFirst);
  }

  @GET
  @Path("jobexecutions/{executionId}/joblogs")
  public Response ofExecution(
      @PathParam("executionId") String executionId, @QueryParam("type") @Nullable String type) {
    JobExecutionInfo execution = access.readableExecution(Ids.parse(executionId), caller);
    return answer("jobexecutions/" + execution.executionId(), type, List.of(execution));
  }

  private Response answer(String self, @Nullable String type, List<JobExecutionInfo> executions) {
    if (type == null) {
      return Response.ok(
              new JobJson(ApiVersion.root(request, uri)).logs(self, executions),
              MediaType.APPLICATION_JSON)
          .build();
    }
    return switch (type) {
      case "text" ->
          Response.ok((StreamingOutput) out -> text(executions, out), "text/plain; charset=utf-8")
              .build();
      case "zip" ->
          Response.ok((StreamingOutput) out -> zip(executions, out), "application/zip")
              .header(
                  "Content-Disposition",
                  "attachment; filename=\"joblogs." + self.replace('/', '.') + ".zip\"")
              .build();
      default ->
          throw new PartitaException(
              ErrorCode.INVALID_ARGUMENT, "type must be text or zip, not '" + type + "'");
    };
  }

  private void text(List<JobExecutionInfo> executions, OutputStream out) throws IOException {
    for (JobExecutionInfo execution : executions) {
      String title = "===== execution " + execution.executionId() + " =====\n";
      out.write(title.getBytes(StandardCharsets.UTF_8));
      copy(execution, out);
    }
  }

  private void zip(List<JobExecutionInfo> executions, OutputStream out) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      for (JobExecutionInfo execution : executions) {
        zip.putNextEntry(new ZipEntry("execution." + execution.executionId() + ".log"));
        copy(execution, zip);
        zip.closeEntry();
      }
    }
  }

  /** A log may be missing: nothing was written, or it lies on another machine. */
  private void copy(JobExecutionInfo execution, OutputStream out) throws IOException {
    var file = log.file(execution.executionId());
    if (Files.exists(file)) {
      Files.copy(file, out);
    }
  }
}
