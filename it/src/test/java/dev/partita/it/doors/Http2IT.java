// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Over TLS browsers and curl speak HTTP/2, where the host is no header. */
class Http2IT {
  private static final String PASSWORD = UUID.randomUUID().toString();
  private static final int PORT = ServerProcess.freePort();
  private static final ServerProcess SERVER = TestServer.create("http2");
  private static HttpClient client = TlsClient.http(TlsClient.trustingAll());

  @BeforeAll
  static void start() {
    SERVER.directory().useProfile("tls.xml");
    SERVER
        .with("partita.https.host", "127.0.0.1")
        .with("partita.https.port", Integer.toString(PORT))
        .with("partita.keystore.password", PASSWORD)
        .start();
    client =
        TlsClient.http(
            TlsClient.trusting(
                SERVER.directory().server().resolve("resources/security/key.p12"), PASSWORD));
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void thePublicHostIsAnswered() throws Exception {
    HttpResponse<String> me = send(request("/api/me"));
    assertThat(me.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(me.statusCode()).as(me.body()).isEqualTo(200);
    assertThat(send(request("/").header("Sec-Fetch-Site", "none")).statusCode()).isEqualTo(200);
  }

  @Test
  void aPageOfThisHostMayChangeThingsAndAForeignOneMayNot() throws Exception {
    HttpRequest.BodyPublisher echo =
        HttpRequest.BodyPublishers.ofString(
            "{\"applicationName\":\"partita\",\"jobXMLName\":\"echo\"}");
    HttpRequest.Builder submit =
        request("/ibm/api/batch/jobinstances")
            .header("Content-Type", "application/json")
            .POST(echo);
    String own = "https://localhost:" + PORT;
    HttpResponse<String> submitted = send(submit.copy().header("Origin", own));
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(201);
    for (String foreign : new String[] {"https://evil.example", "http://localhost:" + PORT}) {
      assertThat(send(submit.copy().header("Origin", foreign)).statusCode())
          .as(foreign)
          .isEqualTo(403);
    }
  }

  /** Else a page whose name was pointed at this server could say it is another. */
  @Test
  void noCallerSaysByWhichNameItCame() throws Exception {
    URI foreign = URI.create("https://127.0.0.1:" + PORT + "/api/me");
    HttpRequest request =
        signedIn(HttpRequest.newBuilder(foreign))
            .header("$WSSN", "localhost")
            .header("$WSSP", Integer.toString(PORT))
            .header("X-Forwarded-Host", "localhost:" + PORT)
            .build();
    HttpResponse<String> reply =
        TlsClient.http(TlsClient.trustingAll()).send(request, BodyHandlers.ofString());
    assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(reply.statusCode()).as(reply.body()).isIn(404, 421);
  }

  private static HttpRequest.Builder request(String path) {
    return signedIn(HttpRequest.newBuilder(URI.create("https://localhost:" + PORT + path)));
  }

  private static HttpRequest.Builder signedIn(HttpRequest.Builder request) {
    Credentials admin = Credentials.read(SERVER.directory().credentials(), "admin");
    return request.header("Authorization", admin.basic());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
