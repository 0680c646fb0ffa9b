// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Every failure of a resource becomes a {@link Problem}. A defect is logged with a number and told
 * by that number only: messages of foreign exceptions stay inside.
 */
@Provider
public class ThrowableMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(ThrowableMapper.class.getName());

  @Context private HttpServletRequest request;

  @Override
  public Response toResponse(Throwable failure) {
    String path = request.getRequestURI();
    Problem problem = problemOf(failure, path);
    Response.ResponseBuilder answer =
        failure instanceof WebApplicationException web
            ? Response.fromResponse(web.getResponse())
            : Response.status(problem.status());
    return answer.type(Problem.mediaType(path)).entity(problem.bytes(path)).build();
  }

  private static Problem problemOf(Throwable failure, String path) {
    if (failure instanceof PartitaException known) {
      Problem problem = Problem.of(known.code(), String.valueOf(known.getMessage()));
      if (problem.status() >= 500) {
        LOG.log(Level.WARNING, known, () -> path + " failed: " + known.getMessage());
      }
      return known.code() == ErrorCode.NOT_FOUND && path.startsWith("/ibm/")
          ? new Problem(400, ErrorCode.NOT_FOUND, problem.detail())
          : problem;
    }
    if (failure instanceof WebApplicationException web) {
      int status = web.getResponse().getStatus();
      ErrorCode code =
          switch (status) {
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 413 -> ErrorCode.TOO_LARGE;
            default -> status < 500 ? ErrorCode.INVALID_ARGUMENT : ErrorCode.INTERNAL;
          };
      String detail =
          status == 415
              ? "this Content-Type is not accepted here: send application/json,"
                  + " or application/xml for a job XML"
              : web.getResponse().getStatusInfo().getReasonPhrase();
      return new Problem(status, code, detail);
    }
    String number = UUID.randomUUID().toString();
    LOG.log(Level.SEVERE, failure, () -> path + " met a defect, number " + number);
    return Problem.of(ErrorCode.INTERNAL, "a defect of the server; its log has number " + number);
  }
}
