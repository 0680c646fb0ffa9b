// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.partita.rest.inference.InferRequest.RequestedOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an inference request in one pass. What comes in is hostile until proven: depth, names,
 * texts, ranks and products are bounded, and a tensor's elements are counted against the bytes that
 * are really there before an array is made for them. Safe for any thread.
 */
final class InferRequestParser {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NAME_CHARS = 256;
  private static final int MAX_TENSORS = 64;

  private final JsonFactory json;
  private final int maxTextBytes;

  InferRequestParser(int maxTextBytes) {
    this.maxTextBytes = maxTextBytes;
    json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_CHARS)
                    .maxNumberLength(64)
                    .maxStringLength(Math.max(maxTextBytes, MAX_NAME_CHARS))
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
  }

  /**
   * Reads a whole body.
   *
   * @param jsonBytes length of the JSON at its beginning; the rest are binary tensors
   * @throws InvalidRequestException with a reason fit for the caller
   */
  InferRequest parse(byte[] body, int jsonBytes) {
    if (jsonBytes < 0 || jsonBytes > body.length) {
      throw new InvalidRequestException(
          "Inference-Header-Content-Length is outside of the body's " + body.length + " bytes");
    }
    if (!Utf8.valid(body, 0, jsonBytes)) {
      throw new InvalidRequestException("the body is not UTF-8");
    }
    try (JsonParser parser = json.createParser(body, 0, jsonBytes)) {
      return read(parser, new TensorReader(json, body, jsonBytes, maxTextBytes));
    } catch (IOException e) {
      // Jackson's message repeats input; its first line, without the place marker, is enough.
      String message = String.valueOf(e.getMessage());
      int end = message.indexOf('\n');
      throw new InvalidRequestException(
          "the body is not a valid request: " + (end < 0 ? message : message.substring(0, end)), e);
    }
  }

  private static InferRequest read(JsonParser in, TensorReader tensors) throws IOException {
    expect(in.nextToken(), JsonToken.START_OBJECT, "the request");
    String id = "";
    boolean binaryOutputs = false;
    List<Tensor> inputs = new ArrayList<>(1);
    List<RequestedOutput> outputs = new ArrayList<>(1);
    boolean inputsGiven = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      switch (field) {
        case "id" -> {
          expect(value, JsonToken.VALUE_STRING, "id");
          id = shortText(in, "id");
        }
        case "inputs" -> {
          expect(value, JsonToken.START_ARRAY, "inputs");
          if (inputsGiven) {
            throw new InvalidRequestException("inputs are given twice");
          }
          inputsGiven = true;
          while (in.nextToken() != JsonToken.END_ARRAY) {
            expect(in.currentToken(), JsonToken.START_OBJECT, "an input");
            limit(inputs.size(), "inputs");
            inputs.add(tensors.read(in));
          }
        }
        case "outputs" -> {
          expect(value, JsonToken.START_ARRAY, "outputs");
          while (in.nextToken() != JsonToken.END_ARRAY) {
            expect(in.currentToken(), JsonToken.START_OBJECT, "an output");
            limit(outputs.size(), "outputs");
            outputs.add(output(in));
          }
        }
        case "parameters" -> binaryOutputs = flag(in, "binary_data_output");
        default -> in.skipChildren();
      }
    }
    expect(in.currentToken(), JsonToken.END_OBJECT, "the request's end");
    if (in.nextToken() != null) {
      throw new InvalidRequestException("there is something behind the request's end");
    }
    tensors.requireAllUsed();
    if (inputs.isEmpty()) {
      throw new InvalidRequestException("inputs are missing");
    }
    return new InferRequest(id, inputs, outputs, binaryOutputs);
  }

  private static RequestedOutput output(JsonParser in) throws IOException {
    String name = "";
    boolean binary = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      switch (field) {
        case "name" -> {
          expect(value, JsonToken.VALUE_STRING, "an output's name");
          name = shortText(in, "an output's name");
        }
        case "parameters" -> binary = flag(in, "binary_data");
        default -> in.skipChildren();
      }
    }
    return new RequestedOutput(name, binary);
  }

  /** Reads an object of parameters for the one that matters. */
  private static boolean flag(JsonParser in, String name) throws IOException {
    expect(in.currentToken(), JsonToken.START_OBJECT, "parameters");
    boolean flag = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = in.currentName().equals(name);
      JsonToken value = in.nextToken();
      if (wanted) {
        flag = value == JsonToken.VALUE_TRUE;
      }
      in.skipChildren();
    }
    return flag;
  }

  static String shortText(JsonParser in, String what) throws IOException {
    if (in.getTextLength() > MAX_NAME_CHARS) {
      throw new InvalidRequestException(what + " is longer than " + MAX_NAME_CHARS + " characters");
    }
    return in.getText();
  }

  static void expect(JsonToken found, JsonToken expected, String what) {
    if (found != expected) {
      throw new InvalidRequestException(
          what
              + " must be "
              + name(expected)
              + ", not "
              + (found == null ? "the end" : name(found)));
    }
  }

  private static String name(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a whole number";
      case VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "null";
    };
  }

  private static void limit(int count, String what) {
    if (count >= MAX_TENSORS) {
      throw new InvalidRequestException("there are more than " + MAX_TENSORS + " " + what);
    }
  }
}
