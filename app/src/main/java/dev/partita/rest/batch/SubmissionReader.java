// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import dev.partita.batch.JobSubmission;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a submission, {@code {"applicationName"|"moduleName", "jobXMLName"|"jobXML",
 * "jobParameters"}}, and of a restart, {@code {"jobParameters"}}; everything wrong is
 * INVALID_ARGUMENT.
 */
final class SubmissionReader {
  private SubmissionReader() {}

  /**
   * Reads a submission.
   *
   * @param jsl the part of a multipart form that holds the job XML; null when there is none
   */
  static JobSubmission submission(String json, @Nullable String jsl, String submitter) {
    JsonObject object = object(json);
    String application = text(object, "applicationName");
    if (application == null) {
      application = text(object, "moduleName");
    }
    if (application == null) {
      throw wrong("either applicationName or moduleName must be given");
    }
    String inline = jsl == null ? text(object, "jobXML") : jsl;
    String name = text(object, "jobXMLName");
    if (inline == null && name == null) {
      throw wrong("either jobXMLName or jobXML must be given");
    }
    return new JobSubmission(
        application, inline == null ? name : null, inline, parameters(object), submitter);
  }

  /** The parameters of a restart; a missing body means none. */
  static Map<String, String> restart(String json) {
    return json.isBlank() ? Map.of() : parameters(object(json));
  }

  private static Map<String, String> parameters(JsonObject object) {
    JsonValue value = object.get("jobParameters");
    if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
      return Map.of();
    }
    if (!(value instanceof JsonObject given)) {
      throw wrong("jobParameters must be an object");
    }
    Map<String, String> parameters = new HashMap<>();
    given.forEach((name, parameter) -> parameters.put(name, scalar(name, parameter)));
    return parameters;
  }

  private static String scalar(String name, JsonValue value) {
    if (value instanceof JsonString string) {
      return string.getString();
    }
    if (value instanceof JsonNumber
        || value.getValueType() == JsonValue.ValueType.TRUE
        || value.getValueType() == JsonValue.ValueType.FALSE) {
      return value.toString();
    }
    throw wrong("job parameter '" + name + "' must be a string, a number or a boolean");
  }

  private static @Nullable String text(JsonObject object, String name) {
    JsonValue value = object.get(name);
    if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
      return null;
    }
    if (value instanceof JsonString string) {
      return string.getString().isEmpty() ? null : string.getString();
    }
    throw wrong(name + " must be a string");
  }

  private static JsonObject object(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return reader.readObject();
    } catch (JsonException | ArithmeticException | IllegalStateException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "the body is no JSON object: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // The parser's own refusal of too deep or too long input has no type of its own.
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "the body is refused: " + e.getMessage(), e);
    }
  }

  private static PartitaException wrong(String message) {
    return new PartitaException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
