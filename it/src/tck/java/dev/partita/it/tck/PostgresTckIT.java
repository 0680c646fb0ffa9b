// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import dev.partita.batch.TckEngine;
import dev.partita.it.fixture.Tool;
import dev.partita.it.server.PostgresServer;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** The same on PostgreSQL, where two pods in this JVM share the partitions. */
class PostgresTckIT {
  @TempDir private Path directory;

  @Test
  void ourEnginePasses() throws Exception {
    try (PostgresServer postgres = PostgresServer.start(Tool.POSTGRES.require())) {
      PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
      source.setUrl(postgres.url());
      source.setUser(PostgresServer.USER);
      source.setPassword(postgres.password());
      // The pool is H2's, and does not care whose connections it keeps.
      JdbcConnectionPool database = JdbcConnectionPool.create(source);
      database.setMaxConnections(40);
      new TckEngine(database, directory, Beans.start()).startTwoPods();
      Tck.runHere("postgresql");
      Tck.requireLeases(database);
    }
  }
}
