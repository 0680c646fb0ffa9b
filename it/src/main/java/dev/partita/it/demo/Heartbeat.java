// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The line that {@code .mvn/preflight.sh} keeps moving while Maven is silent. */
final class Heartbeat {
  private Heartbeat() {}

  /** Ends it: from now on the demo itself moves. */
  static void silence(Path checkout) {
    try {
      Files.deleteIfExists(checkout.resolve("target/heartbeat"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot end the heartbeat", e);
    }
  }
}
