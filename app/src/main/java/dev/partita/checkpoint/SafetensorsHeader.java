// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import static dev.partita.checkpoint.SafetensorsReader.bad;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The JSON header of a safetensors file; tensors cover the data without gap or overlap. */
public record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> tensors) {
  private static final int MAX_RANK = 8;

  /** One tensor; {@code begin} and {@code end} count bytes from the start of the data. */
  public record Entry(DType type, List<Long> shape, long begin, long end) {
    public long bytes() {
      return end - begin;
    }
  }

  /** Parses by events, so that no nesting is followed deeper than the format itself goes. */
  static SafetensorsHeader parse(byte[] json, long dataBytes) {
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> tensors = new LinkedHashMap<>();
    try (JsonParser parser =
        Json.createParserFactory(null)
            .createParser(new ByteArrayInputStream(json), StandardCharsets.UTF_8)) {
      need(parser, Event.START_OBJECT);
      while (need(parser, Event.KEY_NAME, Event.END_OBJECT) == Event.KEY_NAME) {
        String name = parser.getString();
        need(parser, Event.START_OBJECT);
        if (name.equals("__metadata__")) {
          parseMetadata(parser, metadata);
        } else if (tensors.put(name, parseEntry(parser, name)) != null) {
          throw bad("tensor " + name + " appears twice");
        }
      }
      if (parser.hasNext()) {
        throw bad("text after the header");
      }
    } catch (JsonException | NoSuchElementException | IllegalStateException malformed) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "safetensors: the header is not JSON", malformed);
    }
    checkCover(tensors, dataBytes);
    return new SafetensorsHeader(
        Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
  }

  private static void parseMetadata(JsonParser parser, Map<String, String> metadata) {
    while (need(parser, Event.KEY_NAME, Event.END_OBJECT) == Event.KEY_NAME) {
      String key = parser.getString();
      need(parser, Event.VALUE_STRING);
      metadata.put(key, parser.getString());
    }
  }

  private static Entry parseEntry(JsonParser parser, String name) {
    @Nullable DType type = null;
    @Nullable List<Long> shape = null;
    @Nullable List<Long> offsets = null;
    while (need(parser, Event.KEY_NAME, Event.END_OBJECT) == Event.KEY_NAME) {
      switch (parser.getString()) {
        case "dtype" -> {
          need(parser, Event.VALUE_STRING);
          type = DType.of(parser.getString());
        }
        case "shape" -> shape = numbers(parser);
        case "data_offsets" -> offsets = numbers(parser);
        default -> throw bad(name + " has an unknown field");
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw bad(name + " needs dtype, shape and two data_offsets");
    }
    Entry entry = new Entry(type, shape, offsets.get(0), offsets.get(1));
    if (entry.bytes() != sizeOf(entry, name)) {
      throw bad(name + ": shape " + shape + " does not fill bytes " + offsets);
    }
    return entry;
  }

  private static long sizeOf(Entry entry, String name) {
    try {
      return entry.shape().stream().reduce((long) entry.type().bytes(), Math::multiplyExact);
    } catch (ArithmeticException overflow) {
      throw bad(name + ": shape " + entry.shape() + " is too large");
    }
  }

  private static List<Long> numbers(JsonParser parser) {
    List<Long> numbers = new ArrayList<>();
    need(parser, Event.START_ARRAY);
    while (need(parser, Event.VALUE_NUMBER, Event.END_ARRAY) == Event.VALUE_NUMBER) {
      String digits = parser.getString();
      if (numbers.size() == MAX_RANK || !digits.matches("[0-9]{1,18}")) {
        throw bad("at most " + MAX_RANK + " whole numbers are allowed, found " + digits);
      }
      numbers.add(Long.parseLong(digits));
    }
    return List.copyOf(numbers);
  }

  private static void checkCover(Map<String, Entry> tensors, long dataBytes) {
    long at = 0;
    for (Entry entry :
        tensors.values().stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList()) {
      if (entry.begin() != at) {
        throw bad("gap or overlap of tensors at byte " + at);
      }
      at = entry.end();
    }
    if (at != dataBytes) {
      throw bad("tensors end at byte " + at + ", the data at " + dataBytes);
    }
  }

  private static Event need(JsonParser parser, Event... allowed) {
    Event event = parser.next();
    for (Event one : allowed) {
      if (event == one) {
        return event;
      }
    }
    throw bad("unexpected " + event + " in the header");
  }
}
