// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import dev.partita.rest.security.Roles;
import dev.partita.task.Client;
import dev.partita.task.TaskInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.SecurityContext;
import java.io.StringReader;

/** What the resources of tasks, actors, objects and placement groups say alike. */
final class Answers {
  /** Of an id in a path: no word, so that {@code summary} is never taken for one. */
  static final String ID = "{id: [0-9a-f-]+}";

  private Answers() {}

  /** A submitter reaches its own; a monitor reads all; an administrator changes all. */
  static Client client(SecurityContext caller) {
    boolean all = caller.isUserInRole(Roles.ADMIN);
    return new Client(
        caller.getUserPrincipal().getName(), all || caller.isUserInRole(Roles.MONITOR), all);
  }

  static JsonObjectBuilder failure(TaskInfo.Failure failure) {
    return Json.createObjectBuilder()
        .add("code", failure.code().name())
        .add("message", failure.message())
        .add("stack", failure.stack());
  }

  /** A result as part of an answer. */
  static JsonValue value(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return reader.readValue();
    }
  }
}
