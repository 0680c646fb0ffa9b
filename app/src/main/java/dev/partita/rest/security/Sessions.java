// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import dev.partita.config.PartitaConfig;
import dev.partita.config.PodClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns a caller into a one-time sign-in token, that token into a session, and a session's secret
 * back into its caller. Secrets have 256 random bits and are stored as hashes only.
 */
@ApplicationScoped
public class Sessions {
  /** The session cookie's name. */
  public static final String COOKIE = "partita_session";

  /** How long an answer of the database is believed; a sign-out elsewhere takes as long. */
  private static final Duration BELIEVED = Duration.ofSeconds(20);

  private static final int MOST_BELIEVED = 10_000;

  private record Known(Caller caller, Instant until) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  @Inject private SecretRepository secrets;
  @Inject private PartitaConfig config;

  /** A token for {@link #signIn}, good once and for {@code partita.security.sign-in-link}. */
  public String link(Caller caller) {
    return issue(SecretRepository.Kind.SIGN_IN_LINK, caller, config.doors().signInLink());
  }

  /** The session's secret for the cookie; empty when the token is unknown, used or too old. */
  public Optional<String> signIn(String token) {
    String hash = sha256(token);
    return secrets
        .find(SecretRepository.Kind.SIGN_IN_LINK, hash, PodClock.now())
        .filter(grant -> secrets.remove(hash))
        .map(grant -> begin(grant.caller()));
  }

  /** The secret of a new session. */
  public String begin(Caller caller) {
    return issue(SecretRepository.Kind.SESSION, caller, config.doors().session());
  }

  public Optional<Caller> caller(String secret) {
    String hash = sha256(secret);
    Instant now = PodClock.now();
    Known believed = known.get(hash);
    if (believed != null && now.isBefore(believed.until())) {
      return Optional.of(believed.caller());
    }
    var grant = secrets.find(SecretRepository.Kind.SESSION, hash, now);
    if (known.size() >= MOST_BELIEVED) {
      known.clear();
    }
    grant.ifPresentOrElse(
        g -> known.put(hash, new Known(g.caller(), earlier(g.expires(), now.plus(BELIEVED)))),
        () -> known.remove(hash));
    return grant.map(SecretRepository.Grant::caller);
  }

  public void signOut(String secret) {
    String hash = sha256(secret);
    known.remove(hash);
    secrets.remove(hash);
  }

  private String issue(SecretRepository.Kind kind, Caller caller, Duration lasts) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    secrets.add(kind, sha256(secret), caller, PodClock.now().plus(lasts));
    return secret;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
