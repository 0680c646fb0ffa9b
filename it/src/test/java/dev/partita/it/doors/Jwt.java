// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A token as an issuer, or somebody who would like to be one, writes it; each {@code with} is a
 * copy.
 */
record Jwt(JsonObject header, JsonObject claims) {
  static final String ISSUER = "https://issuer.example";
  static final String AUDIENCE = "partita";

  /** Good for five minutes, if signed by the right key. */
  static Jwt of(String name, String... groups) {
    long now = Instant.now().getEpochSecond();
    return new Jwt(
        Json.createObjectBuilder().add("typ", "JWT").add("alg", "RS256").build(),
        Json.createObjectBuilder()
            .add("iss", ISSUER)
            .add("aud", AUDIENCE)
            .add("sub", "1")
            .add("upn", name)
            .add("groups", Json.createArrayBuilder(List.of(groups)))
            .add("iat", now)
            .add("exp", now + 300)
            .build());
  }

  Jwt with(String claim, String value) {
    return new Jwt(header, Json.createObjectBuilder(claims).add(claim, value).build());
  }

  Jwt with(String claim, long value) {
    return new Jwt(header, Json.createObjectBuilder(claims).add(claim, value).build());
  }

  Jwt without(String claim) {
    return new Jwt(header, Json.createObjectBuilder(claims).remove(claim).build());
  }

  Jwt withHeader(String name, String value) {
    return new Jwt(Json.createObjectBuilder(header).add(name, value).build(), claims);
  }

  Jwt withHeader(String name, JsonObject value) {
    return new Jwt(Json.createObjectBuilder(header).add(name, value).build(), claims);
  }

  /** With RS256's signature, whatever the header says. */
  String sign(PrivateKey key) {
    return sign("SHA256withRSA", key);
  }

  String sign(String signature, PrivateKey key) {
    try {
      Signature signer = Signature.getInstance(signature);
      signer.initSign(key);
      signer.update(unsigned().getBytes(UTF_8));
      return unsigned() + "." + base64(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java signs with " + signature, e);
    }
  }

  /** With HS256's signature. */
  String sign(byte[] secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return unsigned() + "." + base64(mac.doFinal(unsigned().getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }

  /** Header and claims, without the last dot. */
  String unsigned() {
    return base64(header.toString().getBytes(UTF_8))
        + "."
        + base64(claims.toString().getBytes(UTF_8));
  }

  static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has RSA", e);
    }
  }

  /** The public half, as files of keys have it. */
  static String pem(KeyPair key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
