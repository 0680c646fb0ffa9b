// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.error;

import org.jspecify.annotations.Nullable;

/** A failure with a code; its message says what failed, with which value, and what happens next. */
public class PartitaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public PartitaException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public PartitaException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
