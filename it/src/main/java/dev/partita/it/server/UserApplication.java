// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Our application with beans of a user's in a jar of their own, as a Maven overlay makes it. */
public final class UserApplication {
  private static final String BEANS =
      """
      <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0"
        bean-discovery-mode="annotated"/>
      """;

  private UserApplication() {}

  /**
   * Makes {@code it/target/NAME.war} anew, expanded.
   *
   * @param classes by name: what they need is there in the server, and perhaps not here
   */
  public static Path make(String name, List<String> classes) {
    Checkout checkout = Checkout.find();
    Path war = checkout.servers().resolveSibling(name + ".war");
    try {
      copy(checkout.application(), war);
      pack(war.resolve("WEB-INF/lib/" + name + ".jar"), classes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + war, e);
    }
    return war;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> old = Files.exists(to) ? Files.walk(to) : Stream.<Path>empty()) {
      for (Path path : old.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void pack(Path jar, List<String> classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new ZipEntry("META-INF/beans.xml"));
      out.write(BEANS.getBytes(StandardCharsets.UTF_8));
      for (String type : classes) {
        String name = type.replace('.', '/') + ".class";
        out.putNextEntry(new ZipEntry(name));
        try (InputStream in = UserApplication.class.getResourceAsStream("/" + name)) {
          Objects.requireNonNull(in, name).transferTo(out);
        }
      }
    }
  }
}
