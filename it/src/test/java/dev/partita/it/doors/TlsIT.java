// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.it.doors.Routes.Route;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A server opened by profiles/tls.xml under a name and an address that are not those of the plain
 * port. The address is one more of loopback's, so that the test opens nothing to anybody.
 */
class TlsIT {
  private static final String NAME = "partita.example";
  private static final String ADDRESS = "127.0.0.2";
  private static final String PASSWORD = UUID.randomUUID().toString();
  private static final int PORT = ServerProcess.freePort();
  private static final ServerProcess SERVER = TestServer.create("tls");

  @BeforeAll
  static void start() {
    SERVER.directory().useProfile("tls.xml");
    SERVER
        .with("partita.https.host", ADDRESS)
        .with("partita.https.port", Integer.toString(PORT))
        .with("partita.public.host", NAME)
        .with("partita.keystore.password", PASSWORD)
        .start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** Made at the first start, it is what a client that checks names can trust. */
  @Test
  void theCertificateBearsThePublicName() throws IOException {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void plainHttpStaysOnLoopback() throws IOException {
    InetAddress address = InetAddress.getByName(ADDRESS);
    assertThatThrownBy(() -> new Socket(address, SERVER.port()).close())
        .isInstanceOf(ConnectException.class);
    try (Socket plain = new Socket(address, PORT)) {
      RawHttp.Reply reply = RawHttp.send(plain, "GET", "/api/me", host(), new byte[0]);
      assertThat(reply.text()).as("plain HTTP at the TLS port").doesNotContain("HTTP/1.1 2");
    }
  }

  @Test
  void aSessionsCookieIsForTlsOnly() {
    RawHttp.Reply signedIn = signIn(host());
    assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(204);
    String cookie = cookie(signedIn);
    assertThat(cookie).contains("Secure", "HttpOnly", "SameSite=Strict");

    Map<String, String> headers = host();
    headers.put("Cookie", cookie.replaceAll(";.*", ""));
    RawHttp.Reply me = send("GET", "/api/me", headers, "");
    assertThat(me.status()).as(me.text()).isEqualTo(200);
    assertThat(me.text()).contains("\"user\":\"admin\"");
  }

  /** A browser would not send it back otherwise. */
  @Test
  void aSessionsCookieOfThePlainPortIsNotForTlsOnly() {
    byte[] password = password().getBytes(UTF_8);
    Map<String, String> json = Map.of("Content-Type", "application/json");
    RawHttp.Reply reply = RawHttp.send(SERVER.port(), "POST", "/api/sign-in", json, password);
    assertThat(cookie(reply)).contains("HttpOnly").doesNotContain("Secure");
  }

  @Test
  void nobodyGetsInWithoutSignIn() {
    SoftAssertions all = new SoftAssertions();
    for (Route route : Routes.described(SERVER.client("admin"))) {
      if (!route.open()) {
        RawHttp.Reply reply = send(route.method(), route.path(), host(), "{}");
        all.assertThat(reply.status()).as(route.toString()).isEqualTo(401);
      }
    }
    all.assertAll();
  }

  @Test
  void aForeignHostIsNotAnswered() {
    SoftAssertions all = new SoftAssertions();
    for (String name : new String[] {"evil.example", ADDRESS, NAME + ".evil.example"}) {
      Map<String, String> headers = authorized();
      headers.put("Host", name + ":" + PORT);
      for (Route route : Routes.described(SERVER.client("admin"))) {
        RawHttp.Reply reply = send(route.method(), route.path(), headers, "{}");
        all.assertThat(reply.status()).as(name + " " + route).isIn(403, 404, 421);
      }
    }
    all.assertAll();
    assertThat(send("GET", "/api/me", authorized(), "").status()).isEqualTo(200);
  }

  @Test
  void aForeignOriginIsRefused() {
    Map<String, String> headers = authorized();
    headers.put("Origin", "http://" + NAME + ":" + PORT);
    assertThat(send("GET", "/api/me", headers, "").status()).isEqualTo(403);
    headers.put("Origin", "https://" + NAME + ":" + PORT);
    assertThat(send("GET", "/api/me", headers, "").status()).isEqualTo(200);
  }

  private static RawHttp.Reply signIn(Map<String, String> headers) {
    return send("POST", "/api/sign-in", headers, password());
  }

  private static String password() {
    String password = credentials().password();
    return "{\"user\":\"admin\",\"password\":\"" + password + "\"}";
  }

  private static String cookie(RawHttp.Reply reply) {
    return reply
        .text()
        .lines()
        .filter(line -> line.startsWith("Set-Cookie: "))
        .map(line -> line.substring("Set-Cookie: ".length()))
        .reduce((first, second) -> first + "\n" + second)
        .orElseThrow(() -> new AssertionError("No cookie: " + reply.text()));
  }

  private static Map<String, String> host() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", NAME + ":" + PORT);
    headers.put("Content-Type", "application/json");
    return headers;
  }

  private static Map<String, String> authorized() {
    Map<String, String> headers = host();
    headers.put("Authorization", credentials().basic());
    return headers;
  }

  private static Credentials credentials() {
    return Credentials.read(SERVER.directory().credentials(), "admin");
  }

  private static RawHttp.Reply send(
      String method, String path, Map<String, String> headers, String body) {
    try (SSLSocket socket = connect()) {
      return RawHttp.send(socket, method, path, headers, body.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " was not answered over TLS", e);
    }
  }

  private static SSLSocket connect() throws IOException {
    return TlsClient.trusting(
            SERVER.directory().server().resolve("resources/security/key.p12"), PASSWORD)
        .connect(InetAddress.getByName(ADDRESS), NAME, PORT);
  }
}
