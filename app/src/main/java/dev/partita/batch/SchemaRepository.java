// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Makes the tables of all rooms, if they are missing: {@code schema.sql}. */
final class SchemaRepository {
  private SchemaRepository() {}

  /** Any number that no other user of the database locks. */
  private static final long LOCK = 7_238_414_519L;

  static void create(Database database) {
    if (database.postgresql()) {
      // Two pods that start at once would make the same table twice.
      database.within(
          () -> {
            execute(database, "SELECT pg_advisory_xact_lock(" + LOCK + ")");
            statements().forEach(statement -> execute(database, statement));
            return Boolean.TRUE;
          });
    } else {
      statements().forEach(statement -> execute(database, statement));
    }
  }

  private static void execute(Database database, String sql) {
    database.run(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
          }
        });
  }

  /** Whether the database answers now. */
  static boolean answers(Database database) {
    try {
      return database.call(
          connection -> {
            try (Statement ask = connection.createStatement()) {
              return ask.execute("SELECT 1");
            }
          });
    } catch (PartitaException e) {
      return false;
    }
  }

  static List<String> statements() {
    try (InputStream in = SchemaRepository.class.getResourceAsStream("schema.sql")) {
      if (in == null) {
        throw new PartitaException(ErrorCode.INTERNAL, "schema.sql is missing from the package");
      }
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("--"))
              .collect(Collectors.joining("\n", "", "\n"));
      return Arrays.stream(text.split(";\n")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    } catch (IOException e) {
      throw new PartitaException(ErrorCode.INTERNAL, "schema.sql cannot be read", e);
    }
  }
}
