// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built pieces lie in a checkout of Partita. */
public record Checkout(Path root) {

  /** The checkout around the working directory, or the one named by {@code -Dpartita.root}. */
  public static Checkout find() {
    Path start = Path.of(System.getProperty("partita.root", "")).toAbsolutePath().normalize();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.isDirectory(dir.resolve("liberty-config"))) {
        return new Checkout(dir);
      }
    }
    throw new IllegalStateException("No checkout of Partita at or above " + start);
  }

  /** The Liberty installation, shared by all servers and never written to. */
  public Path liberty() {
    return root.resolve("it/target/liberty/wlp");
  }

  /** server.xml, jvm.options and the like. */
  public Path config() {
    return root.resolve("liberty-config");
  }

  /** The expanded WAR. */
  public Path application() {
    return root.resolve("app/target/partita");
  }

  /** One folder of jars per Liberty library: h2, postgresql, native. */
  public Path libraries() {
    return root.resolve("it/target/server-libs");
  }

  /** Where JavaCPP unpacks native libraries; shared, because unpacking libtorch costs seconds. */
  public Path nativeCache() {
    return root.resolve("it/target/javacpp-cache");
  }

  /** Class-data archives, one per Java version. */
  public Path classArchives() {
    return root.resolve("it/target/class-data");
  }

  /** Parent of the server directories that tests and demo make. */
  public Path servers() {
    return root.resolve("it/target/servers");
  }
}
