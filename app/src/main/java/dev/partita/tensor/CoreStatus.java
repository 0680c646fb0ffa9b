// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import java.time.Duration;

/** Native failures become exceptions here and nowhere else. */
final class CoreStatus {
  private CoreStatus() {}

  /** Throws what the core says went wrong in this thread, unless {@code status} is OK. */
  static void check(int status) {
    if (status != PartitaCore.PTC_OK) {
      throw new PartitaException(codeOf(status), PartitaCore.ptc_last_error().getString());
    }
  }

  /** A time-out as the core takes it: at least a millisecond, at most 24 days. */
  static int millis(Duration timeout) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
  }

  private static ErrorCode codeOf(int status) {
    return switch (status) {
      case PartitaCore.PTC_INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
      case PartitaCore.PTC_OUT_OF_MEMORY -> ErrorCode.OUT_OF_MEMORY;
      case PartitaCore.PTC_TIMEOUT -> ErrorCode.TIMEOUT;
      case PartitaCore.PTC_PEER_LOST -> ErrorCode.GANG_ABORTED;
      default -> ErrorCode.NATIVE_FAILURE;
    };
  }

  /**
   * What libtorch threw, as one of ours. Its messages carry a whole stack trace; the first line
   * says what went wrong.
   */
  static RuntimeException torchFailure(String what, RuntimeException failure) {
    if (failure.getClass() != RuntimeException.class) {
      return failure;
    }
    String message = String.valueOf(failure.getMessage());
    String firstLine = message.lines().findFirst().orElse("no message");
    ErrorCode code =
        firstLine.contains("can't allocate memory")
            ? ErrorCode.OUT_OF_MEMORY
            : ErrorCode.NATIVE_FAILURE;
    return new PartitaException(code, what + ": " + firstLine, failure);
  }
}
