// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Finds in a server's logs why it did not start. */
final class ServerLog {
  private static final int LINES = 30;

  private ServerLog() {}

  static String explain(ServerDirectory directory) {
    Path messages = directory.server().resolve("logs/messages.log");
    List<String> errors =
        lines(messages).stream()
            .filter(line -> line.matches("^\\[[^]]+].{15,50} [EF] .*"))
            .toList();
    List<String> shown = errors.isEmpty() ? lines(directory.console()) : errors;
    return shown.stream().skip(Math.max(0, shown.size() - LINES)).collect(Collectors.joining("\n"))
        + "\nLogs: "
        + messages.getParent()
        + " and "
        + directory.console();
  }

  private static List<String> lines(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      // Latin-1 reads any bytes, also a line cut by a kill.
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of("(cannot read " + file + ": " + e + ")");
    }
  }
}
