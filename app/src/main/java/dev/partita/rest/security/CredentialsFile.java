// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The users of one server: {@code {"admin": {"password": "…", "roles": ["batchAdmin"]}, …}}. Made
 * with random passwords (144 bits each) when it does not exist; readable by its owner only.
 */
final class CredentialsFile {
  record User(String name, String password, Set<String> roles) {}

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private CredentialsFile() {}

  /** Returns true when this call made the file. */
  static boolean createIfMissing(Path file, SecureRandom random) {
    if (Files.exists(file)) {
      return false;
    }
    JsonObjectBuilder users = Json.createObjectBuilder();
    add(users, "admin", Roles.ADMIN, random);
    add(users, "submitter", Roles.SUBMITTER, random);
    add(users, "monitor", Roles.MONITOR, random);
    String text = users.build().toString().replace("},", "},\n ") + "\n";
    try {
      writeAtomically(file, text);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // another start of this server was quicker: its passwords hold
    } catch (IOException e) {
      throw new UncheckedIOException("The credentials file " + file + " cannot be written", e);
    }
  }

  static Map<String, User> read(Path file) {
    try {
      requireOwnerOnly(file);
      JsonObject json;
      try (var reader = Json.createReader(Files.newBufferedReader(file))) {
        json = reader.readObject();
      }
      Map<String, User> users = new LinkedHashMap<>();
      for (String name : json.keySet()) {
        JsonObject user = json.getJsonObject(name);
        Set<String> roles =
            Set.copyOf(
                user.getJsonArray("roles")
                    .getValuesAs((jakarta.json.JsonString role) -> role.getString()));
        users.put(name, new User(name, user.getString("password"), roles));
      }
      return Map.copyOf(users);
    } catch (IOException e) {
      throw new UncheckedIOException("The credentials file " + file + " cannot be read", e);
    } catch (JsonException | NullPointerException | ClassCastException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "The credentials file "
              + file
              + " is not of the form {\"user\":{\"password\":\"…\",\"roles\":[\"batchAdmin\"]}}",
          e);
    }
  }

  private static void requireOwnerOnly(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!PosixFilePermissions.fromString("rw-------").containsAll(permissions)) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "The credentials file "
              + file
              + " is open to others ("
              + PosixFilePermissions.toString(permissions)
              + "); chmod 600 it");
    }
  }

  private static void add(JsonObjectBuilder users, String name, String role, SecureRandom random) {
    byte[] secret = new byte[18];
    random.nextBytes(secret);
    users.add(
        name,
        Json.createObjectBuilder()
            .add("password", Base64.getUrlEncoder().withoutPadding().encodeToString(secret))
            .add("roles", Json.createArrayBuilder().add(role)));
  }

  /** A reader sees the whole file or none, also after a kill. */
  private static void writeAtomically(Path file, String text) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(draft);
    try (FileChannel out =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
