// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;

/** A manifest as JSON, and back. */
final class ManifestJson {
  private ManifestJson() {}

  static String write(DatasetManifest manifest) {
    JsonArrayBuilder shards = Json.createArrayBuilder();
    for (ShardEntry shard : manifest.shards()) {
      shards.add(
          Json.createObjectBuilder()
              .add("file", shard.file())
              .add("heldOut", shard.heldOut())
              .add("texts", shard.texts())
              .add("bytes", shard.bytes())
              .add("sha256", shard.sha256()));
    }
    return Json.createObjectBuilder()
        .add("id", manifest.id())
        .add("source", manifest.source())
        .add("uri", manifest.uri())
        .add("classNames", Json.createArrayBuilder(manifest.classNames()))
        .add("equalTexts", manifest.equalTexts())
        .add("movedTexts", manifest.movedTexts())
        .add("shards", shards)
        .build()
        .toString();
  }

  /**
   * @throws PartitaException STORAGE_FAILURE when the text is not a manifest
   */
  static DatasetManifest read(String json) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      JsonObject manifest = reader.readObject();
      return new DatasetManifest(
          manifest.getString("id"),
          manifest.getString("source"),
          manifest.getString("uri"),
          manifest.getJsonArray("classNames").getValuesAs(JsonString::getString),
          manifest.getInt("equalTexts"),
          manifest.getInt("movedTexts"),
          manifest.getJsonArray("shards").getValuesAs(ManifestJson::shard));
    } catch (JsonException | NullPointerException | ClassCastException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "a dataset's manifest cannot be read: " + e.getMessage(), e);
    }
  }

  private static ShardEntry shard(JsonObject shard) {
    return new ShardEntry(
        shard.getString("file"),
        shard.getBoolean("heldOut"),
        shard.getInt("texts"),
        shard.getJsonNumber("bytes").longValueExact(),
        shard.getString("sha256"));
  }
}
