// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.sample;

import dev.partita.it.server.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Builds it/sample as its own project: a Maven of its own, a local repository under target/ that
 * holds nothing but Partita's artifacts, and everything else from what this build has already
 * downloaded, so that it needs no network and writes nothing outside target/.
 */
record SampleBuild(Checkout checkout) {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  /** Returns the expanded WAR. */
  Path run() throws IOException {
    Path work = Files.createDirectories(checkout.root().resolve("it/target/sample"));
    Path repository = work.resolve("repository");
    install(repository, "partita", "pom.xml", ".pom");
    install(repository, "partita-app", "app/pom.xml", ".pom");
    install(repository, "partita-app", "app/target/partita.war", ".war");
    install(repository, "partita-app", "app/target/partita-classes.jar", "-classes.jar");
    Path project = work.resolve("project");
    copy(checkout.root().resolve("it/sample"), project);
    maven(project, repository, settings(work));
    return project.resolve("target/line-fit-1.0");
  }

  private void install(Path repository, String artifact, String file, String suffix)
      throws IOException {
    Path folder = repository.resolve("dev/partita/" + artifact + "/" + VERSION);
    Files.createDirectories(folder);
    Files.copy(
        checkout.root().resolve(file),
        folder.resolve(artifact + "-" + VERSION + suffix),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Settings whose only source of downloads is the local repository of this build. */
  private static Path settings(Path work) throws IOException {
    Path downloaded =
        Path.of(
            System.getProperty(
                "partita.repository", System.getProperty("user.home") + "/.m2/repository"));
    return Files.writeString(
        work.resolve("settings.xml"),
        """
        <settings>
          <mirrors>
            <mirror><id>downloaded</id><mirrorOf>*</mirrorOf><url>%s</url></mirror>
          </mirrors>
        </settings>
        """
            .formatted(downloaded.toUri()));
  }

  private static void maven(Path project, Path repository, Path settings) throws IOException {
    String home = System.getProperty("maven.home", "");
    Path log = project.resolveSibling("build.log");
    Process maven =
        new ProcessBuilder(
                home.isEmpty() ? "mvn" : home + "/bin/mvn",
                "-B",
                "-ntp",
                "-s",
                settings.toString(),
                "-Dmaven.repo.local=" + repository,
                "-Dmaven.test.skip",
                "package")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!maven.waitFor(5, TimeUnit.MINUTES) || maven.exitValue() != 0) {
        maven.destroyForcibly();
        throw new AssertionError("The sample does not build:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the sample was built", e);
    }
  }
}
