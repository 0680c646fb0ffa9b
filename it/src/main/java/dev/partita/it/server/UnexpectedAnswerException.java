// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

/** A door answered with another status than the caller needs. */
public final class UnexpectedAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  UnexpectedAnswerException(int expected, Answer answer) {
    super("Expected " + expected + " but got " + answer.status() + ": " + answer.shortBody());
    this.status = answer.status();
  }

  public int status() {
    return status;
  }
}
