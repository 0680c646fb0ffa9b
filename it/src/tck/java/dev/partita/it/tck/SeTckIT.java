// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import org.junit.jupiter.api.Test;

/** JBeret on Java SE, with nothing of ours on the class path. */
class SeTckIT {
  @Test
  void jberetPasses() {
    Tck.runHere("se");
  }
}
