// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Liberty user directory with one server, {@code partita}, in it: the files of liberty-config/
 * and links to the expanded WAR and the shared libraries. Database, checkpoints and logs of that
 * server live inside, so deleting the directory forgets everything.
 */
public record ServerDirectory(Path userDir) {
  static final String SERVER = "partita";

  /** Makes {@code it/target/servers/<name>} anew: whatever an earlier run left there is deleted. */
  public static ServerDirectory create(Checkout checkout, String name) {
    return create(checkout, name, checkout.application());
  }

  /** The same with another application, say a WAR that overlays ours; a file or a folder. */
  public static ServerDirectory create(Checkout checkout, String name, Path application) {
    require(checkout.liberty().resolve("bin/server"));
    require(checkout.libraries());
    require(application);
    ServerDirectory directory = new ServerDirectory(checkout.servers().resolve(name));
    try {
      delete(directory.userDir);
      copyConfiguration(checkout.config(), directory.server());
      Path apps = Files.createDirectories(directory.server().resolve("apps"));
      Files.createSymbolicLink(apps.resolve(SERVER + ".war"), application);
      Path shared = Files.createDirectories(directory.userDir.resolve("shared"));
      Files.createSymbolicLink(shared.resolve("resources"), checkout.libraries());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the server directory " + directory.userDir, e);
    }
    return directory;
  }

  /** Configuration, and the server's output: logs, database, credentials, storage. */
  public Path server() {
    return userDir.resolve("servers").resolve(SERVER);
  }

  public Path credentials() {
    return server().resolve("partita-credentials.json");
  }

  /** What the server printed. */
  public Path console() {
    return userDir.resolve("console.log");
  }

  /**
   * Exists while a thread of the server waits at the fault point that {@code partita.fault.pause}
   * names.
   */
  public Path faultPaused() {
    return server().resolve("fault-paused");
  }

  /**
   * Sets configuration keys ({@code partita.*}); they hold from the next start on, instead of those
   * set before.
   */
  public void configure(Map<String, String> keys) {
    String variables =
        new TreeMap<>(keys)
            .entrySet().stream()
                .map(
                    e ->
                        "  <variable name=\"%s\" value=\"%s\"/>\n"
                            .formatted(escape(e.getKey()), escape(e.getValue())))
                .collect(Collectors.joining());
    Path overrides = server().resolve("configDropins/overrides");
    try {
      Files.createDirectories(overrides);
      Files.writeString(
          overrides.resolve("launcher.xml"), "<server>\n" + variables + "</server>\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot configure " + server(), e);
    }
  }

  /** Turns on a file of liberty-config/profiles, such as {@code tls.xml}. */
  public void useProfile(String name) {
    Path overrides = server().resolve("configDropins/overrides");
    try {
      Files.createDirectories(overrides);
      Files.copy(
          server().resolve("profiles").resolve(name),
          overrides.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot turn on the profile " + name, e);
    }
  }

  /** Deletes the directory; links are removed, what they point at stays. */
  public void delete() {
    try {
      delete(userDir);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + userDir, e);
    }
  }

  private static void require(Path path) {
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          path + " is missing: run mvn verify (or mvn -Pdemo verify) once, which makes it");
    }
  }

  private static void copyConfiguration(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(dir)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!file.toString().endsWith(".md")) {
              Files.copy(
                  file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }
}
