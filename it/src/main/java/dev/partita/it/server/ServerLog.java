// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What one start of a server printed: the console from {@code offsetBytes} on. */
record ServerLog(Path console, long offsetBytes) {
  private static final int LINES = 40;
  private static final Pattern ENTRY = Pattern.compile("^\\[.*");
  private static final Pattern ERROR =
      Pattern.compile("^\\[[^]]+] (\\w+ \\S+ +[EF] |.*\\[ERROR).*");
  private static final Pattern STACK = Pattern.compile("^\\s*(at |\\.\\.\\. ).*");

  /** The application did not start (CWWKZ0002E, CWWKZ0004E) or is not there (CWWKZ0014W). */
  private static final Pattern FAILED = Pattern.compile(".* CWWKZ(0002E|0004E|0014W).*");

  static ServerLog from(Path console) {
    try {
      return new ServerLog(console, Files.exists(console) ? Files.size(console) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + console, e);
    }
  }

  /** Whether Liberty has given up on the application; it stays up without it. */
  boolean saysFailed() {
    return lines().stream().anyMatch(line -> FAILED.matcher(line).matches());
  }

  /** The errors with their messages, without stacks; or the last lines if there is no error. */
  String explain() {
    List<String> all = lines();
    List<String> errors = new ArrayList<>();
    boolean inError = false;
    for (String line : all) {
      if (ENTRY.matcher(line).matches()) {
        inError = ERROR.matcher(line).matches();
      }
      if (inError && !line.isBlank() && !STACK.matcher(line).matches()) {
        errors.add(line);
      }
    }
    List<String> shown =
        errors.isEmpty()
            ? all.subList(Math.max(0, all.size() - LINES), all.size())
            : errors.subList(0, Math.min(LINES, errors.size()));
    return String.join("\n", shown) + "\nAll of it: " + console;
  }

  private List<String> lines() {
    try (var file = Files.newInputStream(console)) {
      file.skipNBytes(offsetBytes);
      // Latin-1 reads any bytes, also a line cut by a kill.
      return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      return List.of("(cannot read " + console + ": " + e + ")");
    }
  }
}
