// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The two engines: H2 in memory; a PostgreSQL of its own where Debian's is installed. */
@SuppressWarnings("try") // its end may be interrupted: a test that ends
public final class TestDatabases implements AutoCloseable {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  private final Path home;
  private final Path bin;
  private final int port;

  private TestDatabases(Path bin, Path home, int port) {
    this.bin = bin;
    this.home = home;
    this.port = port;
  }

  /** A new, empty H2 database that lives as long as this process. */
  public static DataSource h2() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:contract-" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
    return source;
  }

  /** Starts a PostgreSQL on 127.0.0.1; empty where none is installed. */
  public static Optional<TestDatabases> postgresql() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    Optional<Path> bin;
    try (Stream<Path> found = Files.list(versions)) {
      bin =
          found.map(v -> v.resolve("bin")).filter(b -> Files.exists(b.resolve("initdb"))).findAny();
    }
    if (bin.isEmpty()) {
      return Optional.empty();
    }
    Path home = Files.createTempDirectory("partita-contract");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    TestDatabases started = new TestDatabases(bin.get(), home, port);
    if (ROOT) {
      started.exec(List.of("chown", "postgres", home.toString()));
    }
    started.run("initdb", "-D", started.data(), "-U", "partita", "-A", "trust", "-E", "UTF8");
    String options = "-p " + port + " -h 127.0.0.1 -k " + home + " -c fsync=off";
    started.run("pg_ctl", "-D", started.data(), "-w", "-o", options, "-l", home + "/log", "start");
    return Optional.of(started);
  }

  /** Its one database; what a test left in it stays. */
  public DataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setUser("partita");
    source.setDatabaseName("postgres");
    return source;
  }

  @Override
  public void close() throws IOException {
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
