// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import java.time.Duration;

/** Native failures become exceptions here and nowhere else. */
public final class CoreStatus {
  private CoreStatus() {}

  /**
   * Throws what the core says went wrong in this thread, unless {@code status} is OK. Lost data is
   * an OBJECT_LOST.
   */
  public static void check(int status) {
    if (status != PartitaCore.PTC_OK) {
      throw failure(codeOf(status));
    }
  }

  /** The same for files of checkpoints: damage is CHECKPOINT_CORRUPT, a closed door the disk's. */
  static void checkFile(int status) {
    switch (status) {
      case PartitaCore.PTC_DATA_LOSS -> throw failure(ErrorCode.CHECKPOINT_CORRUPT);
      case PartitaCore.PTC_FORBIDDEN -> throw failure(ErrorCode.STORAGE_FAILURE);
      default -> check(status);
    }
  }

  private static PartitaException failure(ErrorCode code) {
    return new PartitaException(code, PartitaCore.ptc_last_error().getString());
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
      case PartitaCore.PTC_NOT_FOUND -> ErrorCode.NOT_FOUND;
      case PartitaCore.PTC_CONFLICT -> ErrorCode.CONFLICT;
      case PartitaCore.PTC_STORAGE_FAILURE -> ErrorCode.STORAGE_FAILURE;
      case PartitaCore.PTC_FORBIDDEN -> ErrorCode.FORBIDDEN;
      case PartitaCore.PTC_DATA_LOSS -> ErrorCode.OBJECT_LOST;
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
