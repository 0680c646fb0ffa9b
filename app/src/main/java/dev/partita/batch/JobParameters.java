// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.Map;
import java.util.Properties;

/** Checks job parameters: JBeret stores them as lines of {@code key = value} in one column. */
final class JobParameters {
  static final int MAX_CHARACTERS = 60_000;

  private JobParameters() {}

  static Properties checked(Map<String, String> parameters, JslValidator values) {
    Properties properties = new Properties();
    int characters = 0;
    for (Map.Entry<String, String> entry : parameters.entrySet()) {
      String key = entry.getKey();
      String value = entry.getValue();
      String what = "job parameter '" + JslValidator.shown(key) + "'";
      characters += key.length() + value.length() + 5;
      if (key.isBlank() || key.contains(" = ") || !oneLine(key)) {
        throw invalid(what + ": the name is empty or holds ' = ' or a line break");
      }
      if (key.startsWith("jberet.")) {
        throw invalid(what + " is a switch of the engine");
      }
      if (!oneLine(value)) {
        throw invalid(what + ": the value holds a line break");
      }
      values.checkValue(what, value);
      properties.setProperty(key, value);
    }
    if (characters > MAX_CHARACTERS) {
      throw invalid(
          "The job parameters have " + characters + " characters; at most " + MAX_CHARACTERS);
    }
    return properties;
  }

  private static boolean oneLine(String text) {
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0 && text.indexOf('\0') < 0;
  }

  private static PartitaException invalid(String message) {
    return new PartitaException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
