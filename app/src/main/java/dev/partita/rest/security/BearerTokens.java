// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks bearer tokens by the rules of MicroProfile JWT: signed with RS256 or ES256 by a known key,
 * our issuer, not expired; the name is {@code upn}, {@code preferred_username} or {@code sub}, the
 * roles are {@code groups}. Any other algorithm, {@code none} above all, is refused.
 */
final class BearerTokens {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  private static final int CLOCK_SKEW_SECONDS = 30;

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private BearerTokens(JWKSource<SecurityContext> keys, String issuer, Set<String> audiences) {
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            audiences.isEmpty() ? null : audiences,
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("iss", "exp", "iat"),
            null);
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /**
   * Empty when neither a key nor the place of one is configured: then every bearer token is
   * refused.
   */
  static Optional<BearerTokens> configured(JwtSettings settings) {
    if (settings.publicKey().isEmpty() && settings.keyLocation().isEmpty()) {
      return Optional.empty();
    }
    String issuer =
        settings
            .issuer()
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.INVALID_CONFIG,
                        "mp.jwt.verify.issuer is not set, but a key to verify tokens is"));
    JWKSource<SecurityContext> keys =
        settings
            .publicKey()
            .map(BearerTokens::parse)
            .orElseGet(() -> locate(settings.keyLocation().orElseThrow()));
    return Optional.of(new BearerTokens(keys, issuer, settings.audiences()));
  }

  /** Empty when the token is not to be trusted, whatever the reason. */
  Optional<Caller> verify(String token) {
    try {
      JWTClaimsSet claims = processor.process(token, null);
      String name = claims.getStringClaim("upn");
      if (name == null) {
        name = claims.getStringClaim("preferred_username");
      }
      if (name == null) {
        name = claims.getSubject();
      }
      List<String> groups = claims.getStringListClaim("groups");
      return name == null || name.isBlank()
          ? Optional.empty()
          : Optional.of(new Caller(name, groups == null ? Set.of() : Set.copyOf(groups)));
    } catch (ParseException | BadJOSEException | JOSEException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static JWKSource<SecurityContext> locate(String location) {
    try {
      if (location.startsWith("https:")) {
        return JWKSourceBuilder.<SecurityContext>create(URI.create(location).toURL()).build();
      }
      Path file = location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
      return parse(Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "mp.jwt.verify.publickey.location=" + location + " cannot be read",
          e);
    }
  }

  /** PEM, base64 of a key without PEM's frame, a JWK or a set of them. */
  private static JWKSource<SecurityContext> parse(String text) {
    String key = text.strip();
    try {
      if (key.startsWith("{")) {
        return new ImmutableJWKSet<>(
            key.contains("\"keys\"") ? JWKSet.parse(key) : new JWKSet(JWK.parse(key)));
      }
      String pem =
          key.startsWith("-----")
              ? key
              : "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----";
      return new ImmutableJWKSet<>(new JWKSet(JWK.parseFromPEMEncodedObjects(pem)));
    } catch (ParseException | JOSEException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "The key to verify tokens (mp.jwt.verify.publickey) is neither PEM nor JWK",
          e);
    }
  }
}
