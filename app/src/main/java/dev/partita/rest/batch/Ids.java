// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;

/** Ids in paths; what is no number is INVALID_ARGUMENT. */
final class Ids {
  private Ids() {}

  static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "the id '" + text + "' is no whole number", e);
    }
  }
}
