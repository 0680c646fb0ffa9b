// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of one job instance, as they come. {@link #next} waits for one and returns null when
 * the server ended the stream (the job is over) or the connection broke (the server died): ask the
 * instance which, and open a new stream after {@link #lastId}. For one thread; close it.
 */
public final class EventStream implements AutoCloseable {
  private final Stream<String> lines;
  private final Iterator<String> iterator;
  private String lastId;

  EventStream(Stream<String> lines, String lastId) {
    this.lines = lines;
    this.iterator = lines.iterator();
    this.lastId = lastId;
  }

  /** The id of the latest event; empty before the first. */
  public String lastId() {
    return lastId;
  }

  public @Nullable JobEvent next() {
    String type = "message";
    StringBuilder data = new StringBuilder();
    while (hasLine()) {
      String line = iterator.next();
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          return event(type, data.toString());
        }
      } else if (line.startsWith("id:")) {
        lastId = value(line);
      } else if (line.startsWith("event:")) {
        type = value(line);
      } else if (line.startsWith("data:")) {
        data.append(value(line)).append('\n');
      }
    }
    return null;
  }

  @Override
  public void close() {
    lines.close();
  }

  private JobEvent event(String type, String data) {
    try (JsonReader reader = Json.createReader(new StringReader(data))) {
      return new JobEvent(lastId, type, reader.readObject());
    }
  }

  private boolean hasLine() {
    try {
      return iterator.hasNext();
    } catch (UncheckedIOException e) {
      return false; // the connection broke: part of this type's contract
    }
  }

  private static String value(String line) {
    String value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }
}
