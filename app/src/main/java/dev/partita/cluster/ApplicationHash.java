// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The content hash of the application: names and bytes of everything in its WEB-INF. Pods of the
 * same hash have the same batch artifacts.
 */
final class ApplicationHash {
  private static final int SHOWN_BYTES = 16;

  private ApplicationHash() {}

  /** Of the application that this class is in, as 32 hexadecimal digits. */
  static String ofThisApplication() {
    String name = ApplicationHash.class.getName().replace('.', '/') + ".class";
    URL place = ApplicationHash.class.getClassLoader().getResource(name);
    try {
      if (place == null || !place.getProtocol().equals("file")) {
        throw new PartitaException(
            ErrorCode.INTERNAL, "The application is not expanded, but at " + place);
      }
      Path classes = Path.of(place.toURI());
      for (int depth = name.split("/").length; depth > 0; depth--) {
        classes = Objects.requireNonNull(classes.getParent());
      }
      return of(classes.endsWith("WEB-INF/classes") ? classes.resolveSibling("") : classes);
    } catch (IOException | URISyntaxException e) {
      throw new PartitaException(ErrorCode.INTERNAL, "The application cannot be read: " + e, e);
    }
  }

  static String of(Path folder) throws IOException {
    MessageDigest digest = sha256();
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        byte[] name = folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Files.readAllBytes(file);
        digest.update((name.length + ":" + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(name);
        digest.update(bytes);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new PartitaException(ErrorCode.INTERNAL, "This Java has no SHA-256", e);
    }
  }
}
