// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells values that point out of the storage root. */
final class StoragePaths {
  private static final Pattern UPWARDS = Pattern.compile("(^|[/\\\\])\\.\\.([/\\\\]|$)");
  private static final Pattern ENCODED = Pattern.compile("%2e|%2f|%5c", Pattern.CASE_INSENSITIVE);

  private final Path root;

  StoragePaths(URI storageRoot) {
    this.root = Path.of(storageRoot).normalize();
  }

  /** Why the value is refused; null if it may pass. */
  @Nullable String problemOf(String value) {
    if (UPWARDS.matcher(value).find()) {
      return "\"" + JslValidator.shown(value) + "\" leads upwards";
    }
    String lower = value.strip().toLowerCase(Locale.ROOT);
    int file = lower.indexOf("file:");
    if (file < 0) {
      return null;
    }
    if (ENCODED.matcher(lower).find() || !inside(value.strip().substring(file))) {
      return "\"" + JslValidator.shown(value) + "\" points out of the storage root";
    }
    return null;
  }

  private boolean inside(String uri) {
    try {
      return Path.of(URI.create(uri)).normalize().startsWith(root);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
