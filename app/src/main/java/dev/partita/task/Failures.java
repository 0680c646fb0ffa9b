// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Failures as they are sent. */
final class Failures {
  private static final int MAX_MESSAGE = 4_096;
  private static final int MAX_STACK = 32_768;

  private Failures() {}

  /** Without anything that was thrown. */
  static Frame.Failure of(ErrorCode code, String message) {
    return new Frame.Failure(code, "", cut(message, MAX_MESSAGE), "");
  }

  /** What {@code label} threw. */
  static Frame.Failure thrown(String label, Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    ErrorCode code =
        thrown instanceof PartitaException known ? known.code() : ErrorCode.WORK_FAILED;
    return new Frame.Failure(
        code,
        types(thrown),
        cut(label + " failed: " + thrown, MAX_MESSAGE),
        cut(stack.toString(), MAX_STACK));
  }

  private static String types(Throwable thrown) {
    List<String> types = new ArrayList<>();
    for (Class<?> type = thrown.getClass(); type != Object.class; type = type.getSuperclass()) {
      types.add(type.getName());
    }
    return String.join(" ", types);
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }
}
