// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.BodyReader;
import dev.partita.rest.security.Caller;
import dev.partita.rest.security.Sessions;
import dev.partita.rest.security.SignIn;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.Optional;

/**
 * From a known caller to a one-time token, from that to a session in a browser. The cookie is out
 * of reach of scripts and is sent by this site's own pages only.
 */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@RequestScoped
public class SignInResource {
  private static final int MAX_SIGN_IN_BYTES = 4_096;

  @Inject private Sessions sessions;
  @Inject private SignIn signIn;
  @Inject private PartitaConfig config;
  @Context private HttpServletRequest request;

  /** A token that signs its bearer in as the caller, once. */
  @POST
  @Path("sign-in-links")
  public JsonObject link() {
    String token = sessions.link(SignIn.callerOf(request));
    return Json.createObjectBuilder().add("token", token).build();
  }

  /** {@code {"token":"…"}} or {@code {"user":"…","password":"…"}}; answers with the cookie. */
  @POST
  @Path("sign-in")
  @Consumes(MediaType.APPLICATION_JSON)
  @PermitAll
  public Response signIn(InputStream body) throws IOException {
    JsonObject given = parse(BodyReader.text(body, MAX_SIGN_IN_BYTES));
    Optional<String> secret =
        given.containsKey("token")
            ? sessions.signIn(given.getString("token", ""))
            : signIn
                .check(given.getString("user", ""), given.getString("password", ""))
                .map(sessions::begin);
    return secret
        .map(s -> Response.noContent().cookie(cookie(s, config.doors().session().toSeconds())))
        .orElseThrow(
            () ->
                new PartitaException(
                    ErrorCode.UNAUTHENTICATED,
                    "the sign-in is wrong, or its link was used or is too old"))
        .build();
  }

  @POST
  @Path("sign-out")
  public Response signOut() {
    SignIn.cookie(request).ifPresent(sessions::signOut);
    return Response.noContent().cookie(cookie("", 0)).build();
  }

  @GET
  @Path("me")
  public JsonObject me() {
    Caller caller = SignIn.callerOf(request);
    return Json.createObjectBuilder()
        .add("user", caller.name())
        .add("roles", Json.createArrayBuilder(caller.roles().stream().sorted().toList()))
        .build();
  }

  private NewCookie cookie(String value, long seconds) {
    return new NewCookie.Builder(Sessions.COOKIE)
        .value(value)
        .path("/")
        .httpOnly(true)
        .secure(request.isSecure())
        .sameSite(NewCookie.SameSite.STRICT)
        .maxAge((int) seconds)
        .build();
  }

  private static JsonObject parse(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return reader.readObject();
    } catch (JsonException | IllegalStateException e) {
      throw new PartitaException(ErrorCode.INVALID_ARGUMENT, "the body is no JSON object", e);
    }
  }
}
