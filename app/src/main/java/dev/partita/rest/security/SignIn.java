// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import dev.partita.config.FailedStart;
import dev.partita.config.PartitaConfig;
import dev.partita.error.PartitaException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.Config;

/**
 * Tells the container who is calling: {@code Authorization: Basic}, {@code Authorization: Bearer},
 * else the session cookie. Wrong credentials are 401 everywhere; none at all is left to {@code
 * DoorFilter}, which lets only the open routes pass.
 */
@ApplicationScoped
public class SignIn implements HttpAuthenticationMechanism {
  private static final Logger LOG = Logger.getLogger(SignIn.class.getName());

  /** Who asks a model without signing in, where that is allowed. */
  private static final Caller ANONYMOUS = new Caller("anonymous", Set.of(Roles.SUBMITTER));

  @Inject private PartitaConfig config;
  @Inject private PasswordStore passwords;
  @Inject private Sessions sessions;
  private Optional<BearerTokens> bearerTokens = Optional.empty();

  @Inject
  void readKeys(Config config) {
    try {
      bearerTokens = BearerTokens.configured(JwtSettings.from(config));
    } catch (PartitaException e) {
      LOG.log(Level.SEVERE, "Partita does not start: " + e.getMessage());
      FailedStart.endServer();
      throw e;
    }
  }

  /** Made at start, so that wrong keys show before the first request. */
  void atStart(@Observes @Initialized(ApplicationScoped.class) Object started) {}

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
    String header = request.getHeader("Authorization");
    if (header != null) {
      CredentialValidationResult result = fromHeader(header);
      return result.getStatus() == CredentialValidationResult.Status.VALID
          ? context.notifyContainerAboutLogin(result)
          : refuse(request, response, context);
    }
    return cookie(request)
        .flatMap(sessions::caller)
        .map(caller -> context.notifyContainerAboutLogin(caller.result()))
        .orElseGet(
            () ->
                mayAskAnonymously(request)
                    ? context.notifyContainerAboutLogin(ANONYMOUS.result())
                    : context.doNothing());
  }

  /** Plain HTTP is bound to loopback, TLS is not. */
  private boolean mayAskAnonymously(HttpServletRequest request) {
    String path = request.getRequestURI();
    return config.doors().anonymousInference()
        && !request.isSecure()
        && request.getMethod().equals("POST")
        && path.startsWith("/v2/models/")
        && path.endsWith("/infer");
  }

  /** The secret of the session the request belongs to, if any. */
  public static Optional<String> cookie(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(Sessions.COOKIE)) {
          return Optional.of(cookie.getValue());
        }
      }
    }
    return Optional.empty();
  }

  private CredentialValidationResult fromHeader(String header) {
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
    String value = header.substring(space + 1).strip();
    return switch (scheme) {
      case "basic" -> basic(value);
      case "bearer" ->
          bearerTokens
              .flatMap(tokens -> tokens.verify(value))
              .map(Caller::result)
              .orElse(CredentialValidationResult.INVALID_RESULT);
      default -> CredentialValidationResult.INVALID_RESULT;
    };
  }

  private CredentialValidationResult basic(String base64) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return CredentialValidationResult.INVALID_RESULT;
    }
    int colon = pair.indexOf(':');
    return colon < 0
        ? CredentialValidationResult.INVALID_RESULT
        : passwords.validate(
            new UsernamePasswordCredential(pair.substring(0, colon), pair.substring(colon + 1)));
  }

  /** The caller this name and password belong to. */
  public Optional<Caller> check(String user, String password) {
    CredentialValidationResult result =
        passwords.validate(new UsernamePasswordCredential(user, password));
    return result.getStatus() == CredentialValidationResult.Status.VALID
        ? Optional.of(new Caller(result.getCallerPrincipal().getName(), result.getCallerGroups()))
        : Optional.empty();
  }

  private static AuthenticationStatus refuse(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
    challenge(request, response);
    return context.responseUnauthorized();
  }

  /** Browsers' own password box must not cover the page, so they are asked for a token only. */
  public static void challenge(HttpServletRequest request, HttpServletResponse response) {
    if (request.getHeader("Sec-Fetch-Mode") == null) {
      response.setHeader("WWW-Authenticate", "Basic realm=\"Partita\", charset=\"UTF-8\"");
    }
    response.addHeader("WWW-Authenticate", "Bearer realm=\"Partita\"");
  }

  /** The caller of a request that passed the door; roles as the container knows them. */
  public static Caller callerOf(HttpServletRequest request) {
    return new Caller(
        request.getUserPrincipal().getName(),
        Set.copyOf(Roles.ALL.stream().filter(request::isUserInRole).toList()));
  }
}
