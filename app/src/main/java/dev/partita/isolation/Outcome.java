// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** How a call ended. */
sealed interface Outcome {
  record Done(Answer answer) implements Outcome {}

  /**
   * It threw.
   *
   * @param stack as printed, cut
   */
  record Failed(ErrorCode code, String message, String stack) implements Outcome {
    static final int MAX_MESSAGE = 4_096;
    static final int MAX_STACK = 65_536;

    public Failed {
      message = cut(message, MAX_MESSAGE);
      stack = cut(stack, MAX_STACK);
    }

    RemoteFailure exception() {
      return new RemoteFailure(code, message, stack);
    }

    private static String cut(String text, int length) {
      return text.length() <= length ? text : text.substring(0, length);
    }
  }

  /** What {@code work} threw. */
  static Failed failed(String work, Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    ErrorCode code =
        thrown instanceof PartitaException known ? known.code() : ErrorCode.WORK_FAILED;
    return new Failed(code, "work '" + work + "' failed: " + thrown, stack.toString());
  }
}
