// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The defaults, for tests of other rooms. */
public final class TestConfig {
  private TestConfig() {}

  /** All defaults, with {@code directory} for everything on disk. */
  public static PartitaConfig in(Path directory) {
    return with(Map.of("partita.output.dir", directory.toString()));
  }

  /** The defaults, but for these. */
  public static PartitaConfig with(Map<String, String> changed) {
    Map<String, String> keys = defaults();
    keys.putAll(changed);
    return PartitaConfig.read(new MapConfig(keys));
  }

  /** As {@link #in}, with some keys changed. */
  public static PartitaConfig with(Path directory, Map<String, String> changed) {
    Map<String, String> keys = defaults();
    keys.put("partita.output.dir", directory.toString());
    keys.putAll(changed);
    return PartitaConfig.read(new MapConfig(keys));
  }

  static Map<String, String> defaults() {
    Properties file = new Properties();
    try (InputStream in =
        PartitaConfig.class.getResourceAsStream("/META-INF/microprofile-config.properties")) {
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> keys = new HashMap<>();
    file.forEach((key, value) -> keys.put(key.toString(), value.toString()));
    return keys;
  }
}
