// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How values go over the wire: as CBOR (RFC 8949), by the type that the method declares. No bytes
 * say which class to make. A record may gain components: who does not know one passes over it, and
 * one that is not sent is null, 0 or false; so a pod understands its predecessor.
 */
final class Codec {
  private static final int MAX_DEPTH = 200;

  private final ObjectMapper cbor;
  private final ObjectMapper json;

  /**
   * Knows the types of the platform, and references.
   *
   * @param references writes and reads {@link ObjectRef}s
   */
  Codec(Module references) {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(Integer.MAX_VALUE)
            .build();
    CBORFactory factory = CBORFactory.builder().streamReadConstraints(limits).build();
    this.cbor = prepared(new CBORMapper(factory), new JavaTimeModule(), references);
    // A client has no references: what it sends as one is refused.
    this.json = prepared(new ObjectMapper(), new JavaTimeModule());
  }

  private static ObjectMapper prepared(ObjectMapper mapper, Module... modules) {
    return mapper
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .registerModules(modules);
  }

  JavaType type(Type type) {
    return cbor.constructType(type);
  }

  /** What an implementation of a generic interface of one parameter puts in for it. */
  @Nullable JavaType parameterOf(Class<?> bean, Class<?> generic) {
    if (!generic.isAssignableFrom(bean)) {
      return null;
    }
    JavaType[] parameters =
        cbor.getTypeFactory().findTypeParameters(cbor.constructType(bean), generic);
    return parameters[0];
  }

  byte[] encode(@Nullable Object value, JavaType type) {
    try {
      return cbor.writerFor(type).writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "a value of " + type.toCanonical() + " cannot be sent: " + e.getOriginalMessage(),
          e);
    }
  }

  @Nullable Object decode(byte[] bytes, JavaType type) {
    try {
      return type.hasRawClass(void.class) ? null : cbor.readerFor(type).readValue(bytes);
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "these " + bytes.length + " bytes are no " + type.toCanonical() + ": " + message(e),
          e);
    }
  }

  /** Arguments from a client, a JSON array with a value of each type. */
  List<@Nullable Object> fromJson(String array, List<JavaType> types) {
    try {
      JsonNode all = json.readTree(array);
      if (!all.isArray() || all.size() != types.size()) {
        throw new PartitaException(
            ErrorCode.INVALID_ARGUMENT,
            "arguments are a JSON array of " + types.size() + " values, not " + shortly(array));
      }
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        values.add(json.readerFor(types.get(i)).readValue(all.get(i)));
      }
      return values;
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "arguments " + shortly(array) + " are not " + types + ": " + message(e),
          e);
    }
  }

  private static String shortly(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  String toJson(@Nullable Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "a result cannot be shown: " + e.getOriginalMessage(), e);
    }
  }

  private static String message(IOException e) {
    return e instanceof JsonProcessingException problem
        ? problem.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }
}
