// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys that sign tokens to be trusted. A set of keys is searched by the token's {@code kid}; a
 * single key without a name verifies every token, whatever {@code kid} it bears. A key that comes
 * inside a token, or an address of one, is never looked at.
 */
final class TrustedKeys {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  /** PEM's frame and its line ends, which may have become spaces on the way through XML. */
  private static final Pattern FRAME = Pattern.compile("-----(BEGIN|END) PUBLIC KEY-----|\\s");

  private TrustedKeys() {}

  /**
   * @param location a file's path or URI, or an https: URI of a set of JWKs, fetched when needed
   */
  static JWSKeySelector<SecurityContext> locate(String location) {
    try {
      if (location.startsWith("https:")) {
        return byName(
            JWKSourceBuilder.<SecurityContext>create(URI.create(location).toURL()).build());
      }
      Path file = location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
      return parse(Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "mp.jwt.verify.publickey.location is '" + location + "', which cannot be read: " + e,
          e);
    }
  }

  /**
   * @param text PEM, base64 of a key without PEM's frame, a JWK or a set of them
   */
  static JWSKeySelector<SecurityContext> parse(String text) {
    String key = text.strip();
    try {
      if (!key.startsWith("{")) {
        return single(decode(Base64.getDecoder().decode(FRAME.matcher(key).replaceAll(""))));
      }
      if (key.contains("\"keys\"")) {
        return byName(new ImmutableJWKSet<>(JWKSet.parse(key)));
      }
      JWK jwk = JWK.parse(key);
      return jwk.getKeyID() == null && jwk instanceof AsymmetricJWK pair
          ? single(pair.toPublicKey())
          : byName(new ImmutableJWKSet<>(new JWKSet(jwk)));
    } catch (ParseException
        | JOSEException
        | GeneralSecurityException
        | IllegalArgumentException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "the key to verify tokens (mp.jwt.verify.publickey) is neither a public key in PEM nor a"
              + " JWK, for RS256 or ES256",
          e);
    }
  }

  private static JWSKeySelector<SecurityContext> byName(JWKSource<SecurityContext> keys) {
    return new JWSVerificationKeySelector<>(ALGORITHMS, keys);
  }

  private static JWSKeySelector<SecurityContext> single(PublicKey key) {
    if (key instanceof RSAPublicKey) {
      return new SingleKeyJWSKeySelector<>(JWSAlgorithm.RS256, key);
    }
    if (key instanceof ECPublicKey ec
        && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      return new SingleKeyJWSKeySelector<>(JWSAlgorithm.ES256, key);
    }
    throw new IllegalArgumentException("neither RSA nor on the curve P-256");
  }

  private static PublicKey decode(byte[] subjectPublicKeyInfo) throws GeneralSecurityException {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(subjectPublicKeyInfo);
    try {
      return KeyFactory.getInstance("RSA").generatePublic(spec);
    } catch (GeneralSecurityException notRsa) {
      return KeyFactory.getInstance("EC").generatePublic(spec);
    }
  }
}
