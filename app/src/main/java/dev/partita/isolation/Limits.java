// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;

/** What passes between a server and its workers by value. */
final class Limits {
  static final int OBJECT_BYTES = 16;

  /** Calls of one worker that wait or run, and what they carry, all together. */
  static final int PENDING_CALLS = 10_000;

  static final long PENDING_BYTES = 64L << 20;

  private Limits() {}

  static void check(String what, int bytes, int objects) {
    if (bytes > Call.MAX_BYTES || objects > Call.MAX_OBJECTS) {
      throw new PartitaException(
          ErrorCode.TOO_LARGE,
          what
              + " of "
              + bytes
              + " bytes and "
              + objects
              + " objects is larger than "
              + Call.MAX_BYTES
              + " bytes or "
              + Call.MAX_OBJECTS
              + " objects: put large values into the object store");
    }
  }
}
