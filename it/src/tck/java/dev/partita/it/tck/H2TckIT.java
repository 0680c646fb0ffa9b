// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import dev.partita.batch.TckEngine;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our repository and our partition handler in one JVM, alone on H2. */
class H2TckIT {
  @TempDir private Path directory;

  @Test
  void ourEnginePasses() throws Exception {
    JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:tck", "partita", "");
    database.setMaxConnections(40);
    new TckEngine(database, directory, Beans.start()).startAlone();
    Tck.runHere("h2");
    Tck.requireLeases(database);
    database.dispose();
  }
}
