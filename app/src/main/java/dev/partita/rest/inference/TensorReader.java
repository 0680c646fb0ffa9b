// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import static dev.partita.rest.inference.InferRequestParser.expect;
import static dev.partita.rest.inference.InferRequestParser.shortText;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the inputs of one request. The protocol lets {@code data} come before {@code shape} and
 * {@code datatype}; it is then skipped and read again from its place once they are known. For one
 * thread and one body.
 */
final class TensorReader {
  private static final Datatype[] DATATYPES = Datatype.values();

  private final JsonFactory json;
  private final byte[] body;
  private final int jsonBytes;
  private final int maxTextBytes;
  private int binaryUsed;

  TensorReader(JsonFactory json, byte[] body, int jsonBytes, int maxTextBytes) {
    this.json = json;
    this.body = body;
    this.jsonBytes = jsonBytes;
    this.maxTextBytes = maxTextBytes;
    this.binaryUsed = jsonBytes;
  }

  /** Reads one input; the parser is at its opening brace, afterwards at its closing one. */
  Tensor read(JsonParser in) throws IOException {
    String name = "";
    Datatype datatype = null;
    long[] shape = null;
    Tensor.Data data = null;
    long dataAt = -1;
    long binarySize = -1;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      switch (field) {
        case "name" -> {
          expect(value, JsonToken.VALUE_STRING, "an input's name");
          name = shortText(in, "an input's name");
        }
        case "datatype" -> {
          expect(value, JsonToken.VALUE_STRING, "datatype");
          datatype = datatype(shortText(in, "datatype"));
        }
        case "shape" -> {
          expect(value, JsonToken.START_ARRAY, "shape");
          shape = shape(in, name);
        }
        case "data" -> {
          expect(value, JsonToken.START_ARRAY, "data");
          if (data != null || dataAt >= 0) {
            throw new InvalidRequestException("input '" + name + "' has data twice");
          }
          if (datatype != null && shape != null) {
            data = data(in, name, datatype, shape);
          } else {
            dataAt = in.currentTokenLocation().getByteOffset();
            in.skipChildren();
          }
        }
        case "parameters" -> binarySize = binarySize(in, value);
        default -> in.skipChildren();
      }
    }
    if (name.isEmpty() || datatype == null || shape == null) {
      throw new InvalidRequestException("an input must have name, datatype and shape");
    }
    if (dataAt >= 0) {
      int at = (int) dataAt;
      try (JsonParser again = json.createParser(body, at, jsonBytes - at)) {
        again.nextToken();
        data = data(again, name, datatype, shape);
      }
    }
    if (binarySize >= 0) {
      if (data != null) {
        throw new InvalidRequestException("input '" + name + "' has data and binary_data_size");
      }
      data = binary(name, datatype, shape, binarySize);
    }
    if (data == null) {
      throw new InvalidRequestException("input '" + name + "' has no data");
    }
    return new Tensor(name, datatype, shape, data);
  }

  void requireAllUsed() {
    if (binaryUsed != body.length) {
      throw new InvalidRequestException(
          (body.length - binaryUsed) + " bytes behind the JSON belong to no input");
    }
  }

  private Tensor.Data data(JsonParser in, String name, Datatype datatype, long[] shape)
      throws IOException {
    // An element takes two bytes of JSON at least, itself and a comma or bracket.
    int count = TensorShape.elements(name, shape, shape.length, body.length / 2L);
    if (datatype == Datatype.BYTES) {
      List<byte[]> texts = new ArrayList<>(count);
      for (JsonToken token = next(in); token != null; token = next(in)) {
        expect(token, JsonToken.VALUE_STRING, "an element of '" + name + "'");
        requireRoom(name, texts.size(), count);
        texts.add(utf8(in, name));
      }
      requireAll(name, texts.size(), count);
      return new Tensor.Texts(texts);
    }
    float[] values = new float[count];
    int filled = 0;
    for (JsonToken token = next(in); token != null; token = next(in)) {
      requireRoom(name, filled, count);
      values[filled++] = number(in, token, name);
    }
    requireAll(name, filled, count);
    return new Tensor.Floats(values);
  }

  private int depth;

  /** The next element, in whatever nesting; null behind the last. */
  private @Nullable JsonToken next(JsonParser in) throws IOException {
    while (true) {
      JsonToken token = in.nextToken();
      if (token == JsonToken.START_ARRAY) {
        if (++depth >= TensorShape.MAX_RANK) {
          throw new InvalidRequestException(
              "data is nested deeper than " + TensorShape.MAX_RANK + " dimensions");
        }
      } else if (token == JsonToken.END_ARRAY) {
        if (--depth < 0) {
          depth = 0;
          return null;
        }
      } else {
        return token;
      }
    }
  }

  private byte[] utf8(JsonParser in, String name) throws IOException {
    String text = in.getText();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    requireShort(name, utf8.length);
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)
          && !(Character.isHighSurrogate(unit)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(++i)))) {
        throw new InvalidRequestException("input '" + name + "' has half a surrogate pair");
      }
    }
    return utf8;
  }

  private static float number(JsonParser in, JsonToken token, String name) throws IOException {
    return switch (token) {
      case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> in.getFloatValue();
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      default ->
          throw new InvalidRequestException("'" + name + "' holds something else than numbers");
    };
  }

  private Tensor.Data binary(String name, Datatype datatype, long[] shape, long size) {
    if (size > body.length - binaryUsed) {
      throw new InvalidRequestException(
          "input '" + name + "' announces " + size + " bytes, more than there are");
    }
    int from = binaryUsed;
    int to = from + (int) size;
    binaryUsed = to;
    BinaryTensor bytes = new BinaryTensor(body, from, to);
    int count = TensorShape.elements(name, shape, shape.length, size);
    if (datatype == Datatype.BYTES) {
      List<byte[]> texts = bytes.texts(name, count);
      texts.forEach(text -> requireShort(name, text.length));
      return new Tensor.Texts(texts);
    }
    if (datatype != Datatype.FP32 && datatype != Datatype.FP64) {
      throw new InvalidRequestException(
          "input '" + name + "': binary data of " + datatype + " is taken by no model here");
    }
    return new Tensor.Floats(bytes.floats(name, count, datatype));
  }

  private static long binarySize(JsonParser in, JsonToken value) throws IOException {
    expect(value, JsonToken.START_OBJECT, "parameters");
    long size = -1;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = in.currentName().equals("binary_data_size");
      JsonToken parameter = in.nextToken();
      if (wanted) {
        expect(parameter, JsonToken.VALUE_NUMBER_INT, "binary_data_size");
        size = in.getLongValue();
        if (size < 0) {
          throw new InvalidRequestException("binary_data_size is negative");
        }
      }
      in.skipChildren();
    }
    return size;
  }

  private static long[] shape(JsonParser in, String name) throws IOException {
    long[] shape = new long[TensorShape.MAX_RANK];
    int rank = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      expect(in.currentToken(), JsonToken.VALUE_NUMBER_INT, "a dimension");
      if (rank == TensorShape.MAX_RANK) {
        throw new InvalidRequestException(
            "input '" + name + "' has more than " + TensorShape.MAX_RANK + " dimensions");
      }
      shape[rank++] = in.getLongValue();
    }
    return Arrays.copyOf(shape, rank);
  }

  private static Datatype datatype(String word) {
    for (Datatype datatype : DATATYPES) {
      if (datatype.name().equals(word)) {
        return datatype;
      }
    }
    throw new InvalidRequestException("the datatype '" + word + "' does not exist");
  }

  private void requireShort(String name, int bytes) {
    if (bytes > maxTextBytes) {
      throw new InvalidRequestException(
          "input '" + name + "' has a text of more than " + maxTextBytes + " bytes");
    }
  }

  private static void requireRoom(String name, int filled, int count) {
    if (filled == count) {
      throw new InvalidRequestException(
          "input '" + name + "' has more elements than the " + count + " of its shape");
    }
  }

  private static void requireAll(String name, int filled, int count) {
    if (filled < count) {
      throw new InvalidRequestException(
          "input '" + name + "' has " + filled + " elements, its shape " + count);
    }
  }
}
