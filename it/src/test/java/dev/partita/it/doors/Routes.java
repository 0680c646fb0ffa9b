// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The routes there are: as the server describes them, and as its classes annotate them. */
final class Routes {
  private static final Set<String> VERBS = Set.of("get", "post", "put", "delete");
  private static final Pattern ROOT =
      Pattern.compile("/(?:ibm/api/batch|api|v2|metrics|openapi)(?:/[a-z{][A-Za-z{}/-]*)?");

  private Routes() {}

  /**
   * One method on one path, with numbers and names in place of the template's parts.
   *
   * @param template as in the description, {@code /api/jobs/{instanceId}/events}
   */
  record Route(String method, String template) {
    String path() {
      return template
          .replaceAll("\\{(?:model|name)}", "none")
          .replaceAll("\\{step}", "none")
          .replaceAll("\\{[^}]*}", "987654321");
    }

    boolean open() {
      return template.startsWith("/v2/health/") || template.equals("/api/sign-in");
    }

    @Override
    public String toString() {
      return method + " " + template;
    }
  }

  static List<Route> described(PartitaClient client) {
    JsonObject paths = client.get("/openapi").expect(200).object().getJsonObject("paths");
    List<Route> routes = new ArrayList<>();
    paths.forEach(
        (path, item) ->
            item.asJsonObject().keySet().stream()
                .filter(VERBS::contains)
                .map(verb -> new Route(verb.toUpperCase(Locale.ROOT), path))
                .forEach(routes::add));
    return routes;
  }

  /** The roots that resource classes name, read from the constants of the WAR's class files. */
  static Set<String> annotatedRoots() throws IOException {
    Path classes = Checkout.find().application().resolve("WEB-INF/classes");
    Set<String> roots = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String constants = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (constants.contains("Ljakarta/ws/rs/Path;")) {
          ROOT.matcher(constants).results().forEach(match -> roots.add(match.group()));
        }
      }
    }
    return roots;
  }
}
