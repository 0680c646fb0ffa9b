// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.serve.ModelServer;
import dev.partita.serve.ModelVersion;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the protocol tells about a model. */
final class ModelMetadata {
  private ModelMetadata() {}

  static JsonObject json(ModelVersion model, List<ModelVersion> all) {
    JsonArrayBuilder versions = Json.createArrayBuilder();
    all.forEach(version -> versions.add(Integer.toString(version.version())));
    int classes = model.classNames().size();
    return Json.createObjectBuilder()
        .add("name", model.name())
        .add("versions", versions)
        .add("platform", "partita_text_classifier")
        .add("inputs", Json.createArrayBuilder().add(tensor(TextClassifierCall.INPUT, "BYTES", -1)))
        .add(
            "outputs",
            Json.createArrayBuilder()
                .add(tensor(TextClassifierCall.LABEL, "BYTES", -1))
                .add(tensor(TextClassifierCall.PROBABILITIES, "FP32", -1, classes))
                .add(tensor(TextClassifierCall.CLASSES, "BYTES", classes)))
        .build();
  }

  /** The number in a path; what is none names no version. */
  static int versionOf(String model, String version) {
    try {
      int number = Integer.parseInt(version);
      if (number > ModelServer.LATEST) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw noVersion(model, version, e);
    }
    throw noVersion(model, version, null);
  }

  private static PartitaException noVersion(
      String model, String version, @Nullable Throwable cause) {
    return new PartitaException(
        ErrorCode.NOT_FOUND, "model '" + model + "' has no version '" + version + "'", cause);
  }

  private static JsonObjectBuilder tensor(String name, String datatype, long... shape) {
    JsonArrayBuilder dimensions = Json.createArrayBuilder();
    for (long dimension : shape) {
      dimensions.add(dimension);
    }
    return Json.createObjectBuilder()
        .add("name", name)
        .add("datatype", datatype)
        .add("shape", dimensions);
  }
}
