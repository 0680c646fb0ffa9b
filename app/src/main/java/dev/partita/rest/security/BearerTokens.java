// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
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
  private static final int CLOCK_SKEW_SECONDS = 30;

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private BearerTokens(JWSKeySelector<SecurityContext> keys, String issuer, Set<String> audiences) {
    processor.setJWSKeySelector(keys);
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
    JWSKeySelector<SecurityContext> keys =
        settings
            .publicKey()
            .map(TrustedKeys::parse)
            .orElseGet(() -> TrustedKeys.locate(settings.keyLocation().orElseThrow()));
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
}
