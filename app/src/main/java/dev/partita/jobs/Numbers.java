// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.train.Parameters;
import java.util.Map;

/** Properties of artifacts as whole numbers. */
final class Numbers {
  private Numbers() {}

  /** Throws INVALID_ARGUMENT, naming the property, unless {@code min <= value <= max}. */
  static int of(String name, String value, int min, int max) {
    return new Parameters(Map.of(name, value)).integer(name, min, max);
  }
}
