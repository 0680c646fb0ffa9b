// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import org.jspecify.annotations.Nullable;

/** An inference request that is wrong and will stay wrong: 400, with the reason. */
final class InvalidRequestException extends PartitaException {
  private static final long serialVersionUID = 1L;

  InvalidRequestException(String message) {
    this(message, null);
  }

  InvalidRequestException(String message, @Nullable Throwable cause) {
    super(ErrorCode.INVALID_ARGUMENT, message, cause);
  }
}
