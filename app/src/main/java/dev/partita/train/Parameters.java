// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Job parameters as numbers; a wrong one throws INVALID_ARGUMENT that says what is right. */
public record Parameters(Map<String, String> values) {
  public Parameters {
    values = Map.copyOf(values);
  }

  /** The properties of a job, overridden by those of one of its steps. */
  public static Parameters of(Properties job, Properties step) {
    Map<String, String> values = new HashMap<>();
    job.stringPropertyNames().forEach(name -> values.put(name, job.getProperty(name)));
    step.stringPropertyNames().forEach(name -> values.put(name, step.getProperty(name)));
    return new Parameters(values);
  }

  public String text(String name) {
    String value = values.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw wrong(name, "a value is needed");
    }
    return value;
  }

  public String text(String name, String standard) {
    String value = values.getOrDefault(name, "").strip();
    return value.isEmpty() ? standard : value;
  }

  public long whole(String name, long min, long max) {
    try {
      long value = Long.parseLong(text(name));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw wrong(name, "a whole number from " + min + " to " + max + " is needed");
    }
    throw wrong(name, "a whole number from " + min + " to " + max + " is needed");
  }

  public int integer(String name, int min, int max) {
    return (int) whole(name, min, max);
  }

  public double number(String name, double min, double max) {
    try {
      double value = Double.parseDouble(text(name));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw wrong(name, "a number from " + min + " to " + max + " is needed");
    }
    throw wrong(name, "a number from " + min + " to " + max + " is needed");
  }

  private PartitaException wrong(String name, String need) {
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT,
        "job parameter " + name + "=" + values.getOrDefault(name, "") + ": " + need);
  }
}
