// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where datasets lie under a storage URI, and how a half-written one becomes whole. */
final class DatasetFolder {
  private static final String STAGING = ".staging-";

  private final Path parent;

  private DatasetFolder(Path parent) {
    this.parent = parent;
  }

  /**
   * @param storage a {@code file:} URI
   * @throws PartitaException INVALID_ARGUMENT for any other
   */
  static DatasetFolder under(URI storage) {
    if (!"file".equals(storage.getScheme()) || storage.isOpaque()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "storage '"
              + storage
              + "' is not an absolute file: URI, such as file:///var/lib/partita/");
    }
    return new DatasetFolder(Path.of(storage).resolve("datasets"));
  }

  /** The folder of a dataset as a URI that ends with a slash. */
  String uri(String datasetId) {
    String uri = parent.resolve(datasetId).toUri().toString();
    return uri.endsWith("/") ? uri : uri + "/";
  }

  /** An empty folder of this instance's own; what a killed attempt left in it is removed. */
  Path stage(String datasetId, long instanceId) throws IOException {
    Path staging = parent.resolve(STAGING + instanceId + "-" + datasetId);
    delete(staging);
    sweep();
    return Files.createDirectories(staging);
  }

  /** Gives the staged folder its final name; what had that name is removed first. */
  void publish(Path staging, String datasetId) throws IOException {
    Path whole = parent.resolve(datasetId);
    sync(staging);
    delete(whole);
    Files.move(staging, whole, StandardCopyOption.ATOMIC_MOVE);
    sync(parent);
  }

  /** Staging folders a day old belong to nobody who will come back. */
  private void sweep() throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    FileTime old = FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS));
    try (Stream<Path> folders = Files.list(parent)) {
      for (Path folder : folders.toList()) {
        if (folder.getFileName().toString().startsWith(STAGING)
            && Files.getLastModifiedTime(folder).compareTo(old) < 0) {
          delete(folder);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return; // nothing to delete is what was wanted
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  /** A rename or a new file is only on disk once its folder is. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
