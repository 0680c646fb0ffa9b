// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.ServerProcess;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that trusts the tokens of one issuer, by the standard keys of MicroProfile JWT. */
class BearerTokensIT {
  private static final String JOBS = "/ibm/api/batch/jobinstances";
  private static final String ECHO = "{\"applicationName\":\"partita\",\"jobXMLName\":\"echo\"}";
  private static final KeyPair KEY = Jwt.newKey();
  private static final ServerProcess SERVER = TestServer.create("jwt");

  @BeforeAll
  static void start() {
    SERVER
        .with("mp.jwt.verify.publickey", Jwt.pem(KEY))
        .with("mp.jwt.verify.issuer", Jwt.ISSUER)
        .with("mp.jwt.verify.audiences", Jwt.AUDIENCE)
        .start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void theRolesAreTheGroups() {
    String submitter = Jwt.of("ann", "batchSubmitter", "staff").sign(KEY.getPrivate());
    String other = Jwt.of("bob", "batchSubmitter").sign(KEY.getPrivate());
    String monitor = Jwt.of("mia", "batchMonitor").sign(KEY.getPrivate());
    String admin = Jwt.of("eve", "batchAdmin").sign(KEY.getPrivate());
    assertThat(get("/api/me", submitter).text())
        .contains("\"user\":\"ann\"", "\"roles\":[\"batchSubmitter\"]");

    RawHttp.Reply submitted = post(JOBS, submitter, ECHO);
    assertThat(submitted.status()).as(submitted.text()).isEqualTo(201);
    assertThat(submitted.text()).contains("\"submitter\":\"ann\"");
    String instance = submitted.text().replaceAll("(?s).*\"instanceId\":([0-9]+).*", "$1");
    assertThat(get(JOBS + "/" + instance, submitter).status()).isEqualTo(200);
    assertThat(get(JOBS + "/" + instance, other).status()).isNotEqualTo(200);
    assertThat(get(JOBS + "/" + instance, monitor).status()).isEqualTo(200);
    assertThat(get(JOBS + "/" + instance, admin).status()).isEqualTo(200);

    assertThat(post(JOBS, monitor, ECHO).status()).isEqualTo(403);
    assertThat(post(JOBS, admin, ECHO).status()).isEqualTo(201);
  }

  @Test
  void aTokenWithoutARoleOfOursOpensNothing() {
    String token = Jwt.of("ann", "staff", "BATCHADMIN").sign(KEY.getPrivate());
    assertThat(get(JOBS, token).status()).isEqualTo(403);
    assertThat(post(JOBS, token, ECHO).status()).isEqualTo(403);
  }

  /** Issuers name their keys; a key given as PEM has no name to compare with. */
  @Test
  void theNameOfTheKeyDoesNotMatterWhereThereIsOneKey() {
    Jwt token = Jwt.of("ann", "batchMonitor").withHeader("kid", "2026-11");
    assertThat(get("/api/me", token.sign(KEY.getPrivate())).status()).isEqualTo(200);
  }

  private record Refused(String name, String token) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Refused> refused() {
    Jwt good = Jwt.of("ann", "batchAdmin");
    long now = Instant.now().getEpochSecond();
    String signed = good.sign(KEY.getPrivate());
    String[] parts = signed.split("\\.", 3);
    KeyPair own = Jwt.newKey();
    Jwt hmac = good.withHeader("alg", "HS256");
    return Stream.of(
        new Refused("expired", good.with("exp", now - 60).sign(KEY.getPrivate())),
        new Refused("never expires", good.without("exp").sign(KEY.getPrivate())),
        new Refused("not valid yet", good.with("nbf", now + 600).sign(KEY.getPrivate())),
        new Refused("other issuer", good.with("iss", "https://e.example").sign(KEY.getPrivate())),
        new Refused("no issuer", good.without("iss").sign(KEY.getPrivate())),
        new Refused("other audience", good.with("aud", "payroll").sign(KEY.getPrivate())),
        new Refused("no audience", good.without("aud").sign(KEY.getPrivate())),
        new Refused("alg none", good.withHeader("alg", "none").unsigned() + "."),
        new Refused("alg nOnE", good.withHeader("alg", "nOnE").unsigned() + "."),
        new Refused("alg none, signed", good.withHeader("alg", "none").sign(KEY.getPrivate())),
        new Refused("no signature", good.unsigned() + "."),
        new Refused("other claims", parts[0] + "." + other(good) + "." + parts[2]),
        new Refused("HS256 by the key's PEM", hmac.sign(Jwt.pem(KEY).getBytes(UTF_8))),
        new Refused("HS256 by the key's bytes", hmac.sign(KEY.getPublic().getEncoded())),
        new Refused(
            "HS256 by a file's bytes",
            hmac.withHeader("kid", "../../../../../../dev/null").sign(new byte[] {0})),
        new Refused("another key", good.sign(own.getPrivate())),
        new Refused(
            "a key in the token",
            good.withHeader("jwk", jwk(own)).withHeader("kid", "own").sign(own.getPrivate())),
        new Refused(
            "the address of a key",
            good.withHeader("jku", "http://127.0.0.1:1/keys").sign(own.getPrivate())),
        new Refused(
            "an algorithm not agreed on",
            good.withHeader("alg", "RS512").sign("SHA512withRSA", KEY.getPrivate())),
        new Refused("half a token", parts[0] + "." + parts[1]),
        new Refused("nothing", ""),
        new Refused("too long", signed + "A".repeat(6_000)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aTokenThatIsNotToBeTrustedIsRefused(Refused refused) {
    for (String path : new String[] {"/api/me", JOBS}) {
      RawHttp.Reply reply = get(path, refused.token());
      assertThat(reply.status()).as(reply.text()).isEqualTo(401);
      assertThat(reply.text()).contains("WWW-Authenticate: Bearer");
    }
    assertThat(post(JOBS, refused.token(), ECHO).status()).isEqualTo(401);
  }

  private static String other(Jwt good) {
    return good.with("upn", "root").unsigned().split("\\.", 2)[1];
  }

  private static JsonObject jwk(KeyPair key) {
    RSAPublicKey rsa = (RSAPublicKey) key.getPublic();
    return Json.createObjectBuilder()
        .add("kty", "RSA")
        .add("kid", "own")
        .add("n", Jwt.base64(rsa.getModulus().toByteArray()))
        .add("e", Jwt.base64(rsa.getPublicExponent().toByteArray()))
        .build();
  }

  private static RawHttp.Reply get(String path, String token) {
    return RawHttp.send(SERVER.port(), "GET", path, bearer(token), new byte[0]);
  }

  private static RawHttp.Reply post(String path, String token, String json) {
    return RawHttp.send(SERVER.port(), "POST", path, bearer(token), json.getBytes(UTF_8));
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
  }
}
