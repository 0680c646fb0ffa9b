// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import com.ibm.jbatch.tck.spi.JobExecutionWaiter;
import com.ibm.jbatch.tck.tests.jslxml.JobOperatorTests;
import dev.partita.it.server.Checkout;
import ee.jakarta.tck.batch.util.extensions.VehicleInvocationInterceptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.commons.PreconditionViolationException;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.launcher.Launcher;
import org.opentest4j.AssertionFailedError;

/** Our WAR as a user would extend it, with the TCK, JUnit and {@link TckServlet} as user's jars. */
final class TckWar {
  private static final List<Class<?>> JARS =
      List.of(
          JobOperatorTests.class,
          JobExecutionWaiter.class,
          VehicleInvocationInterceptor.class,
          Test.class,
          ParameterizedTest.class,
          JupiterTestEngine.class,
          TestEngine.class,
          Launcher.class,
          PreconditionViolationException.class,
          AssertionFailedError.class);

  private static final List<Class<?>> OURS =
      List.of(TckServlet.class, TckRun.class, TckResult.class);

  private TckWar() {}

  /** Makes it, expanded, under {@code it/target/tck}. */
  static Path make(Checkout checkout) throws IOException {
    Path war = checkout.root().resolve("it/target/tck/partita-tck");
    delete(war);
    copy(checkout.application(), war);
    Path libraries = war.resolve("WEB-INF/lib");
    for (Class<?> type : JARS) {
      Path jar = Tck.jarOf(type);
      Files.copy(jar, libraries.resolve(Objects.requireNonNull(jar.getFileName())));
    }
    try (OutputStream file = Files.newOutputStream(libraries.resolve("tck-servlet.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      for (Class<?> type : OURS) {
        add(type, jar);
      }
    }
    return war;
  }

  /** The class, and those that the compiler made of it. */
  private static void add(Class<?> type, JarOutputStream jar) throws IOException {
    String name = type.getName().replace('.', '/');
    Path folder =
        Objects.requireNonNull(Tck.jarOf(type).resolve(name + ".class").getParent(), "folder");
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, type.getSimpleName() + "{,$*}.class")) {
      for (Path file : files) {
        jar.putNextEntry(new JarEntry(Tck.jarOf(type).relativize(file).toString()));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
