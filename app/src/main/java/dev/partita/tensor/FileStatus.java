// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;

/** What the core's files refuse becomes an exception here and nowhere else. */
final class FileStatus {
  private FileStatus() {}

  /** Throws what the core says went wrong in this thread, unless {@code status} is OK. */
  static void check(int status) {
    if (status != PartitaCore.PTC_OK) {
      throw new PartitaException(codeOf(status), PartitaCore.ptc_last_error().getString());
    }
  }

  private static ErrorCode codeOf(int status) {
    return switch (status) {
      case PartitaCore.PTC_INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
      case PartitaCore.PTC_OUT_OF_MEMORY -> ErrorCode.OUT_OF_MEMORY;
      case PartitaCore.PTC_TIMEOUT -> ErrorCode.TIMEOUT;
      case PartitaCore.PTC_NOT_FOUND -> ErrorCode.NOT_FOUND;
      case PartitaCore.PTC_CONFLICT -> ErrorCode.CONFLICT;
      case PartitaCore.PTC_STORAGE_FAILURE, PartitaCore.PTC_FORBIDDEN -> ErrorCode.STORAGE_FAILURE;
      case PartitaCore.PTC_DATA_LOSS -> ErrorCode.CHECKPOINT_CORRUPT;
      default -> ErrorCode.NATIVE_FAILURE;
    };
  }
}
