// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.doors.Routes.Route;
import dev.partita.it.fixture.SharedServer;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every route there is, against every caller that must not get in. */
@ExtendWith(SharedServer.class)
class RoutesIT {
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(UTF_8);

  @Test
  void theDescriptionKnowsEveryAnnotatedResource(PartitaClient admin) throws IOException {
    List<String> described = Routes.described(admin).stream().map(Route::template).toList();
    assertThat(described).hasSizeGreaterThan(30);
    assertThat(Routes.annotatedRoots())
        .isNotEmpty()
        .allSatisfy(root -> assertThat(described).anyMatch(path -> path.startsWith(root)));
  }

  @Test
  void nobodyGetsInWithoutSignIn(ServerProcess server, PartitaClient admin) {
    refusesEverywhere(server, admin, Map.of(), 401);
  }

  @Test
  void aWrongPasswordOpensNothing(ServerProcess server, PartitaClient admin) {
    refusesEverywhere(server, admin, authorization(new Credentials("admin", "x").basic()), 401);
  }

  @Test
  void expiredAndUnsignedTokensOpenNothing(ServerProcess server, PartitaClient admin) {
    refusesEverywhere(server, admin, authorization("Bearer " + token("none", 4_000_000_000L)), 401);
    refusesEverywhere(server, admin, authorization("Bearer " + token("RS256", 1_000L)), 401);
  }

  @Test
  void aForeignHostIsNotAnswered(ServerProcess server, PartitaClient admin) {
    Map<String, String> headers = signedIn(server, "admin");
    headers.put("Host", "evil.example");
    SoftAssertions all = new SoftAssertions();
    for (Route route : Routes.described(admin)) {
      all.assertThat(send(server, route, headers)).as(route.toString()).isIn(403, 404, 421);
    }
    all.assertAll();
  }

  @Test
  void aForeignOriginIsRefused(ServerProcess server, PartitaClient admin) {
    Map<String, String> headers = signedIn(server, "admin");
    headers.put("Origin", "https://evil.example");
    SoftAssertions all = new SoftAssertions();
    for (Route route : Routes.described(admin)) {
      all.assertThat(send(server, route, headers)).as(route.toString()).isEqualTo(403);
    }
    all.assertAll();
  }

  @Test
  void aMonitorChangesNothing(ServerProcess server, PartitaClient admin) {
    Map<String, String> headers = signedIn(server, "monitor");
    SoftAssertions all = new SoftAssertions();
    for (Route route : Routes.described(admin)) {
      if (route.template().startsWith("/ibm/") && !route.method().equals("GET")) {
        all.assertThat(send(server, route, headers)).as(route.toString()).isEqualTo(403);
      }
    }
    all.assertAll();
  }

  @Test
  void unexpectedMethodsAreNotAllowed(ServerProcess server, PartitaClient admin) {
    Map<String, String> headers = signedIn(server, "admin");
    List<Route> routes = Routes.described(admin);
    SoftAssertions all = new SoftAssertions();
    for (String path : routes.stream().map(Route::template).distinct().toList()) {
      for (String method : List.of("TRACE", "PATCH", "GET", "POST", "PUT", "DELETE")) {
        Route route = new Route(method, path);
        if (!routes.contains(route)) {
          all.assertThat(send(server, route, headers)).as(route.toString()).isEqualTo(405);
        }
      }
    }
    all.assertAll();
  }

  private static void refusesEverywhere(
      ServerProcess server, PartitaClient admin, Map<String, String> headers, int status) {
    SoftAssertions all = new SoftAssertions();
    for (Route route : Routes.described(admin)) {
      if (!route.open()) {
        all.assertThat(send(server, route, headers)).as(route.toString()).isEqualTo(status);
      }
    }
    all.assertAll();
  }

  private static int send(ServerProcess server, Route route, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json");
    return RawHttp.send(server.port(), route.method(), route.path(), all, EMPTY_OBJECT).status();
  }

  private static Map<String, String> signedIn(ServerProcess server, String user) {
    return authorization(Credentials.read(server.directory().credentials(), user).basic());
  }

  private static Map<String, String> authorization(String value) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", value);
    return headers;
  }

  private static String token(String algorithm, long expires) {
    String head = base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");
    String claims =
        base64(
            "{\"iss\":\"x\",\"upn\":\"admin\",\"groups\":[\"batchAdmin\"],\"exp\":"
                + expires
                + "}");
    return head + "." + claims + "." + (algorithm.equals("none") ? "" : base64("signature"));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
