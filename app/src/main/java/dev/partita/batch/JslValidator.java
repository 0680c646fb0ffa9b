// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/**
 * Lets a job definition that came through a door pass only when it is harmless; FACTS of attacks it
 * stops are the constants and methods of this class.
 */
public class JslValidator {

  /**
   * Checks the text and returns the document written anew from what was understood.
   *
   * @throws dev.partita.error.PartitaException INVALID_JOB with line and reason
   */
  public String validate(String jsl) {
    throw new UnsupportedOperationException();
  }
}
