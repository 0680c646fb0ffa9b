// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.jbatch.tck.tests.jslxml.JobOperatorTests;
import dev.partita.it.server.Checkout;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import javax.sql.DataSource;

/** The TCK's jar, and what is done with a result. */
final class Tck {
  private static final Pattern TESTS =
      Pattern.compile("com/ibm/jbatch/tck/tests/jslxml/[A-Za-z]+Tests\\.class");

  private Tck() {}

  /** The jar that the class came from. */
  static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No jar holds " + type, e);
    }
  }

  /** Names of the classes that the TCK's own list for Java SE names. */
  static List<String> testClasses() {
    try (JarFile jar = new JarFile(jarOf(JobOperatorTests.class).toFile())) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(TESTS.asMatchPredicate())
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The TCK cannot be read", e);
    }
  }

  /** Runs the TCK in this JVM and prints its line. */
  static void runHere(String way) {
    Path report = report(way);
    TckResult result;
    try (PrintStream out = new PrintStream(report.toFile())) {
      result = TckRun.of(testClasses(), out::println);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + report, e);
    }
    judge(way, result);
  }

  /** Prints the line of the way, and fails if it is not {@link TckResult#PASSED}. */
  static void judge(String way, TckResult result) {
    System.out.println("TCK " + result.line(way));
    assertThat(result).isEqualTo(TckResult.PASSED);
  }

  /** The partitions of the run were ours: each has a lease that a pod claimed. */
  static void requireLeases(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COUNT(*) FROM PARTITION_LEASE WHERE ATTEMPT > 0")) {
      row.next();
      assertThat(row.getInt(1)).as("partitions that were claimed").isGreaterThan(50);
    }
  }

  /** Where each test of a way is listed. */
  static Path report(String way) {
    try {
      Path folder = Files.createDirectories(Checkout.find().root().resolve("it/target/tck"));
      return folder.resolve(way + ".txt");
    } catch (IOException e) {
      throw new UncheckedIOException("No folder for reports", e);
    }
  }
}
