// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.rest.security.SignIn;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every request must pass, whatever its route: a Host name of ours, no foreign Origin, a
 * method of ours, a body within its limit and, except on the open routes, a known caller. Also sets
 * the headers that every answer bears and serves the page's files.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class DoorFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE");
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  @Inject private transient PartitaConfig config;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI();
    String method = request.getMethod();
    secure(response);
    Problem problem = refusal(request, path, method);
    if (problem != null) {
      answer(path, problem, response);
      return;
    }
    String fileType = StaticFiles.typeOf(path);
    if (fileType != null) {
      serveFile(path, fileType, request, response);
      return;
    }
    if (request.getUserPrincipal() == null && !OpenRoutes.open(method, path)) {
      SignIn.challenge(request, response);
      answer(path, new Problem(401, ErrorCode.UNAUTHENTICATED, "sign in to use " + path), response);
      return;
    }
    chain.doFilter(LenientQuery.of(request), response);
  }

  private void serveFile(
      String path, String type, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      answer(path, notAllowed(request.getMethod()), response);
    } else if (!StaticFiles.serve(getServletContext(), path, type, request, response)) {
      answer(path, new Problem(404, ErrorCode.NOT_FOUND, "there is no file " + path), response);
    }
  }

  private @Nullable Problem refusal(HttpServletRequest request, String path, String method) {
    String host = hostOf(request);
    if (host == null || !config.doors().hosts().contains(nameOf(host))) {
      return new Problem(
          421,
          ErrorCode.FORBIDDEN,
          "this server does not answer for the Host given; see partita.http.hosts");
    }
    if (!METHODS.contains(method)) {
      return notAllowed(method);
    }
    if (foreign(request, method, host)) {
      return new Problem(403, ErrorCode.FORBIDDEN, "requests from other origins are refused");
    }
    long limit =
        path.startsWith("/v2/")
            ? config.doors().maxInferenceBodyBytes()
            : config.doors().maxBodyBytes();
    return request.getContentLengthLong() > limit
        ? new Problem(413, ErrorCode.TOO_LARGE, "the body is larger than " + limit + " bytes")
        : null;
  }

  /** HTTP/2 has no Host header: there {@code :authority} says it, which is the server's name. */
  private static @Nullable String hostOf(HttpServletRequest request) {
    return request.getProtocol().equals("HTTP/2.0")
        ? request.getServerName() + ":" + request.getServerPort()
        : request.getHeader("Host");
  }

  /**
   * A browser names where a request comes from; a caller that names nothing is no browser, unless
   * it changes something by cookie alone.
   */
  private static boolean foreign(HttpServletRequest request, String method, String host) {
    String origin = request.getHeader("Origin");
    if (origin != null) {
      return !origin.equalsIgnoreCase(request.getScheme() + "://" + host);
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !SAFE.contains(method)) {
      return !site.equals("same-origin");
    }
    return site == null
        && !SAFE.contains(method)
        && request.getHeader("Authorization") == null
        && SignIn.cookie(request).isPresent();
  }

  private static String nameOf(String host) {
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  private static Problem notAllowed(String method) {
    return new Problem(405, ErrorCode.INVALID_ARGUMENT, "method " + method + " is not allowed");
  }

  private static void secure(HttpServletResponse response) {
    response.setHeader("Content-Security-Policy", CONTENT_POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cache-Control", "no-store");
  }

  private static void answer(String path, Problem problem, HttpServletResponse response)
      throws IOException {
    response.setStatus(problem.status());
    response.setContentType(Problem.mediaType(path));
    response.getOutputStream().write(problem.bytes(path));
  }
}
