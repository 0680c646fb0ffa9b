// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.time.Duration;

/**
 * Keys {@code partita.isolation} and {@code partita.isolation.*}.
 *
 * @param kind where work runs
 * @param heapBytes Java heap of a child
 * @param privateBytes all memory that a child has to itself, heap included, the arena not
 * @param frozenAfter a child that shows no sign of life for so long is killed
 * @param startTimeout how long a child may take until it is ready
 */
public record IsolationConfig(
    Kind kind, long heapBytes, long privateBytes, Duration frozenAfter, Duration startTimeout) {

  /** Where work runs. */
  public enum Kind {
    /** On threads of the server: fast, of one fate with it. */
    THREAD,
    /** In child JVMs: they can be killed, limited, and may crash. */
    PROCESS
  }

  static IsolationConfig read(ConfigReader keys) {
    IsolationConfig config =
        new IsolationConfig(
            keys.choice("partita.isolation", Kind.class),
            keys.whole("partita.isolation.heap-bytes", 16L << 20, 1L << 40),
            keys.whole("partita.isolation.private-bytes", 256L << 20, 1L << 42),
            keys.duration(
                "partita.isolation.frozen-after", Duration.ofMillis(500), Duration.ofMinutes(10)),
            keys.duration(
                "partita.isolation.start-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)));
    if (config.privateBytes() < config.heapBytes() + (192L << 20)) {
      keys.problem(
          "partita.isolation.private-bytes is "
              + config.privateBytes()
              + "; expected 201326592 more than partita.isolation.heap-bytes, or no JVM starts");
    }
    return config;
  }
}
