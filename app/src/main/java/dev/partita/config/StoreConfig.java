// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Keys {@code partita.store.*}.
 *
 * @param directory absolute; the processes of one pod that share it share one arena
 * @param arenaBytes of shared memory that a new arena takes
 * @param spillDirectory absolute; where objects go when the arena is full
 * @param openTimeout how long joining may take
 */
public record StoreConfig(
    Path directory, long arenaBytes, Path spillDirectory, Duration openTimeout) {

  static StoreConfig read(ConfigReader keys, Path output) {
    return new StoreConfig(
        output.resolve(keys.text("partita.store.dir")),
        keys.whole("partita.store.arena-bytes", 1L << 20, 255L << 30),
        output.resolve(keys.text("partita.store.spill-dir")),
        keys.duration("partita.store.open-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)));
  }
}
