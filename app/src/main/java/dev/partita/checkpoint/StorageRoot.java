// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder a job may read and write in, from {@code partita.storage.uri}. A job names its storage
 * by a parameter that anybody who may submit can set, so every such URI passes here first.
 *
 * @param root absolute, ends in a slash
 */
public record StorageRoot(URI root) {

  /**
   * The folder that {@code wanted} names, with a trailing slash; the root itself when it is null or
   * empty. Throws INVALID_ARGUMENT for anything that does not lie in the root once links and {@code
   * ..} are resolved.
   */
  public URI resolve(@Nullable String wanted) {
    if (wanted == null || wanted.isBlank()) {
      return root;
    }
    URI uri = folder(wanted.strip());
    if (real(Path.of(uri)).startsWith(real(Path.of(root)))) {
      return uri;
    }
    throw new PartitaException(
        ErrorCode.INVALID_ARGUMENT,
        "storageUri=" + wanted + ": not in the folder that partita.storage.uri names");
  }

  private static URI folder(String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text : text + "/");
      boolean local = uri.getRawAuthority() == null || uri.getRawAuthority().isEmpty();
      if ("file".equals(uri.getScheme())
          && !uri.isOpaque()
          && local
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        Path path = Path.of(uri.getPath()).normalize();
        return URI.create(path.toUri().toString().replaceAll("/*$", "/"));
      }
    } catch (URISyntaxException | IllegalArgumentException notAUri) {
      throw unusable(text, notAUri);
    }
    throw unusable(text, null);
  }

  private static PartitaException unusable(String text, @Nullable Exception cause) {
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT,
        "storage URI " + text + ": a URI of the form file:/folder is needed",
        cause);
  }

  /** Follows the links of the part of {@code path} that exists already. */
  private static Path real(Path path) {
    Path existing = path;
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        return path;
      }
      existing = parent;
    }
    try {
      return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
