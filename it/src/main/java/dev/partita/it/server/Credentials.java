// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A user name and password, as the first start of a server wrote them. */
public record Credentials(String user, String password) {

  /** The named user's, from the file the first start of a server wrote. */
  public static Credentials read(Path file, String user) {
    try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
      JsonObject users = reader.readObject();
      if (!users.containsKey(user)) {
        throw new IllegalStateException("No user " + user + " in " + file + ": " + users.keySet());
      }
      String password = users.getJsonObject(user).getString("password");
      return new Credentials(user, password);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the credentials " + file, e);
    }
  }

  /** The value of the Authorization header. */
  public String basic() {
    byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
