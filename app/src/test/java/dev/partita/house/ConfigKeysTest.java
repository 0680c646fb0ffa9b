// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every configuration key has a default, a comment, a row in the reference, and a reader in the
 * code.
 */
class ConfigKeysTest {
  private static final Path KEYS =
      Path.of("src/main/resources/META-INF/microprofile-config.properties");
  private static final Path REFERENCE = Path.of("../liberty-config/README.md");
  private static final Pattern KEY = Pattern.compile("partita(\\.[a-z][a-z0-9-]*)+");

  @Test
  void everyKeyIsDocumented() throws IOException {
    String reference = Files.readString(REFERENCE);
    assertThat(keys()).allSatisfy(key -> assertThat(reference).contains("`" + key + "`"));
  }

  @Test
  void everyKeyIsRead() throws IOException {
    String code = code();
    assertThat(keys()).allSatisfy(key -> assertThat(code).contains("\"" + key + "\""));
  }

  @Test
  void everyKeyHasACommentAboveIt() throws IOException {
    List<String> lines = Files.readAllLines(KEYS);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("partita.")) {
        assertThat(lines.get(i - 1)).as("the line above " + lines.get(i)).startsWith("#");
      }
    }
  }

  @Test
  void noKeyIsReadThatHasNoDefault() throws IOException {
    Set<String> read =
        Pattern.compile("\"(" + KEY.pattern() + ")\"")
            .matcher(code())
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    read.removeAll(keys());
    read.removeAll(serverVariables());
    read.removeIf(key -> key.startsWith("partita.fault.") || STEP_PROPERTIES.contains(key));
    assertThat(read).isEmpty();
  }

  /** Step properties of the JSL, documented in batch-jobs/README.md, are not configuration. */
  private static final Set<String> STEP_PROPERTIES =
      Set.of(
          "partita.resources",
          "partita.pool",
          "partita.placement",
          "partita.gang",
          "partita.gang.min",
          "partita.attempts",
          "partita.preemptions",
          "partita.priority");

  /** Those that the server's own files use, with their defaults in them. */
  private static Set<String> serverVariables() throws IOException {
    String files =
        Files.readString(Path.of("../liberty-config/server.xml"))
            + Files.readString(Path.of("../liberty-config/profiles/tls.xml"));
    return Pattern.compile("(?:\\$\\{|<variable name=\")(partita[^}\"]+)")
        .matcher(files)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keys() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(KEYS)) {
      properties.load(reader);
    }
    return new TreeSet<>(
        properties.stringPropertyNames().stream()
            .filter(key -> key.startsWith("partita."))
            .toList());
  }

  private static String code() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    }
  }
}
