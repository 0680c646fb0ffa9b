// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.List;

/** What a blob set consists of: {@code manifest.json} beside the files. */
record Manifest(List<Part> files) {
  static final String NAME = "manifest.json";

  /** One file; the checksum is CRC32C in eight hexadecimal digits. */
  record Part(String name, long bytes, String crc32c) {}

  long bytes() {
    return files.stream().mapToLong(Part::bytes).sum();
  }

  String toJson() {
    JsonArrayBuilder parts = Json.createArrayBuilder();
    for (Part part : files) {
      parts.add(
          Json.createObjectBuilder()
              .add("name", part.name)
              .add("bytes", part.bytes)
              .add("crc32c", part.crc32c));
    }
    return Json.createObjectBuilder().add("version", 1).add("files", parts).build().toString();
  }

  /** Throws JsonException or ClassCastException when the text is not a manifest. */
  static Manifest parse(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      JsonObject object = reader.readObject();
      if (object.getInt("version", 0) != 1) {
        throw new JsonException("not a manifest of version 1");
      }
      return new Manifest(
          object.getJsonArray("files").getValuesAs(JsonObject.class).stream()
              .map(
                  part ->
                      new Part(
                          part.getString("name"),
                          part.getJsonNumber("bytes").longValueExact(),
                          part.getString("crc32c")))
              .toList());
    }
  }
}
