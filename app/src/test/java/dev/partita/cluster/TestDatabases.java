// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The two engines, empty: H2 in memory, and a PostgreSQL of its own on 127.0.0.1 that the class's
 * first test of it starts. Register it with {@code @RegisterExtension static final}.
 */
public final class TestDatabases implements AfterAllCallback {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  private @Nullable Server server;

  /**
   * An empty database.
   *
   * @param engine {@code h2} or {@code postgresql}
   */
  public DataSource empty(String engine) throws IOException, SQLException {
    if (engine.equals("h2")) {
      JdbcDataSource source = new JdbcDataSource();
      source.setUrl("jdbc:h2:mem:contract-" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
      return source;
    }
    assertThat(engine).isEqualTo("postgresql");
    List<String> without = List.of(System.getProperty("partita.without", "").split("[, ]+"));
    assumeFalse(without.contains("postgres"), "without postgres: -Dpartita.without");
    Server started = server;
    if (started == null) {
      started = Server.start();
      server = started;
    }
    try (Connection connection = started.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    }
    return started.source();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null) {
      server.stop();
    }
  }

  private record Server(Path bin, Path home, int port) {
    static Server start() throws IOException {
      Path home = Files.createTempDirectory("partita-contract");
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Server started = new Server(programs(), home, port);
      if (ROOT) {
        started.exec(List.of("chown", "postgres", home.toString()));
      }
      started.run("initdb", "-D", started.data(), "-U", "partita", "-A", "trust", "-E", "UTF8");
      String options = "-p " + port + " -h 127.0.0.1 -k " + home + " -c fsync=off";
      started.run(
          "pg_ctl", "-D", started.data(), "-w", "-o", options, "-l", home + "/log", "start");
      return started;
    }

    private static Path programs() throws IOException {
      Path versions = Path.of("/usr/lib/postgresql");
      if (Files.isDirectory(versions)) {
        try (Stream<Path> found = Files.list(versions)) {
          Optional<Path> bin =
              found
                  .map(v -> v.resolve("bin"))
                  .filter(b -> Files.exists(b.resolve("initdb")))
                  .findAny();
          if (bin.isPresent()) {
            return bin.get();
          }
        }
      }
      throw new AssertionError(
          "This test needs PostgreSQL: apt-get install postgresql,"
              + " or go on with -Dpartita.without=postgres");
    }

    DataSource source() {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setServerNames(new String[] {"127.0.0.1"});
      source.setPortNumbers(new int[] {port});
      source.setUser("partita");
      source.setDatabaseName("postgres");
      return source;
    }

    void stop() throws IOException {
      run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
      try (Stream<Path> files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }

    private String data() {
      return home.resolve("data").toString();
    }

    /** It refuses to run as root. */
    private void run(String program, String... arguments) throws IOException {
      List<String> command = new ArrayList<>();
      if (ROOT) {
        command.addAll(List.of("runuser", "-u", "postgres", "--"));
      }
      command.add(bin.resolve(program).toString());
      command.addAll(List.of(arguments));
      exec(command);
    }

    private static void discard(ProcessBuilder builder) {
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private void exec(List<String> command) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
      discard(builder);
      try {
        int status = builder.start().waitFor();
        if (status != 0) {
          throw new IOException(command + " ended with " + status);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while " + command, e);
      }
    }
  }
}
