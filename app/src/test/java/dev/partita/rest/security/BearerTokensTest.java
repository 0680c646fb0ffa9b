// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.partita.error.PartitaException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BearerTokensTest {
  private static final String ISSUER = "https://issuer.example";
  private static RSAKey key;
  private static BearerTokens tokens;

  @BeforeAll
  static void trustOneKey() throws JOSEException {
    key = new RSAKeyGenerator(2048).generate();
    tokens = trusting(Set.of());
  }

  @Test
  void takesNameAndRolesFromAGoodToken() throws JOSEException {
    assertThat(tokens.verify(sign(claims().build(), key)))
        .contains(new Caller("ann", Set.of(Roles.MONITOR)));
  }

  @Test
  void refusesAnExpiredToken() throws JOSEException {
    Date past = Date.from(Instant.now().minusSeconds(120));
    assertThat(tokens.verify(sign(claims().expirationTime(past).build(), key))).isEmpty();
  }

  @Test
  void refusesATokenThatNeverExpires() throws JOSEException {
    assertThat(tokens.verify(sign(claims().expirationTime(null).build(), key))).isEmpty();
  }

  @Test
  void refusesATokenWithoutSignature() {
    assertThat(tokens.verify(new PlainJWT(claims().build()).serialize())).isEmpty();
  }

  @Test
  void refusesAnotherIssuer() throws JOSEException {
    assertThat(tokens.verify(sign(claims().issuer("https://other.example").build(), key)))
        .isEmpty();
  }

  @Test
  void refusesAnotherKey() throws JOSEException {
    RSAKey other = new RSAKeyGenerator(2048).generate();
    assertThat(tokens.verify(sign(claims().build(), other))).isEmpty();
  }

  /** The public key is no secret: a signature made with it as one must not pass. */
  @Test
  void refusesThePublicKeyAsASharedSecret() throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
    token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    assertThat(tokens.verify(token.serialize())).isEmpty();
  }

  @Test
  void refusesAnotherAudience() throws JOSEException {
    BearerTokens ours = trusting(Set.of("partita"));
    assertThat(ours.verify(sign(claims().build(), key))).isEmpty();
    assertThat(ours.verify(sign(claims().audience("partita").build(), key))).isPresent();
  }

  /** Issuers name their keys; a PEM file has no name. */
  @Test
  void aKeyInPemVerifiesTokensThatNameTheirKey() throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("issuer-key-1").build(),
            claims().build());
    token.sign(new RSASSASigner(key));
    String base64 = Base64.getMimeEncoder().encodeToString(key.toRSAPublicKey().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    assertThat(List.of(pem, pem.replaceAll("\\s+", " "), base64))
        .allSatisfy(text -> assertThat(trusting(text).verify(token.serialize())).isPresent());
  }

  @Test
  void aSetOfKeysIsSearchedByName() throws JOSEException {
    RSAKey named = new RSAKeyGenerator(2048).keyID("a").generate();
    BearerTokens set = trusting("{\"keys\":[" + named.toPublicJWK().toJSONString() + "]}");
    SignedJWT right = signedAs(named, "a");
    SignedJWT wrong = signedAs(named, "../a");
    assertThat(set.verify(right.serialize())).isPresent();
    assertThat(set.verify(wrong.serialize())).isEmpty();
  }

  /** Whoever writes a token may put a key of his own into it. */
  @Test
  void refusesAKeyThatTheTokenBrings() throws JOSEException {
    RSAKey own = new RSAKeyGenerator(2048).generate();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()).build(),
            claims().build());
    token.sign(new RSASSASigner(own));
    assertThat(tokens.verify(token.serialize())).isEmpty();
  }

  @Test
  void anUnusableKeyIsAConfigurationError() {
    assertThat(
            List.of("no key", "{}", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"))
        .allSatisfy(
            text ->
                assertThatThrownBy(() -> trusting(text))
                    .isInstanceOf(PartitaException.class)
                    .hasMessageContaining("mp.jwt.verify.publickey"));
  }

  @Test
  void refusesGarbage() {
    assertThat(List.of("", ".", "..", "a.b.c", "x".repeat(10_000)))
        .allSatisfy(garbage -> assertThat(tokens.verify(garbage)).isEmpty());
  }

  private static BearerTokens trusting(Set<String> audiences) {
    return trusting(key.toPublicJWK().toJSONString(), audiences);
  }

  private static BearerTokens trusting(String keys) {
    return trusting(keys, Set.of());
  }

  private static BearerTokens trusting(String keys, Set<String> audiences) {
    return BearerTokens.configured(
            new JwtSettings(Optional.of(keys), Optional.empty(), Optional.of(ISSUER), audiences))
        .orElseThrow();
  }

  private static SignedJWT signedAs(RSAKey signer, String keyId) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(), claims().build());
    token.sign(new RSASSASigner(signer));
    return token;
  }

  private static JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .subject("1")
        .claim("upn", "ann")
        .claim("groups", List.of(Roles.MONITOR, "other"))
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(60)));
  }

  private static String sign(JWTClaimsSet claims, RSAKey signer) throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
    token.sign(new RSASSASigner(signer));
    return token.serialize();
  }
}
