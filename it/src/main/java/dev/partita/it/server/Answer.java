// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.StringReader;
import java.net.http.HttpHeaders;
import java.util.List;

/** What a door answered. */
public record Answer(int status, HttpHeaders headers, String body) {

  /** This answer, if it has the status expected; else an exception that shows what came instead. */
  public Answer expect(int expected) {
    if (status != expected) {
      throw new UnexpectedAnswerException(expected, this);
    }
    return this;
  }

  public JsonObject object() {
    return (JsonObject) json();
  }

  public JsonArray array() {
    return (JsonArray) json();
  }

  /** The objects of an array. */
  public List<JsonObject> objects() {
    return array().getValuesAs(JsonObject.class);
  }

  public JsonStructure json() {
    try (JsonReader reader = Json.createReader(new StringReader(body))) {
      return reader.read();
    } catch (JsonException e) {
      throw new IllegalStateException("Not JSON (status " + status + "): " + shortBody(), e);
    }
  }

  String shortBody() {
    return body.length() <= 2000 ? body : body.substring(0, 2000) + "…";
  }
}
