// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to one request.
 *
 * @param id echoed; empty when the request had none
 */
record InferAnswer(String model, String version, String id, List<Output> outputs) {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  /**
   * One output tensor.
   *
   * @param binary whether it is sent behind the JSON instead of in it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Output(String name, long[] shape, Values values, boolean binary) {}

  /** The elements of an output, row-major. */
  sealed interface Values {}

  record Texts(List<String> texts) implements Values {}

  @SuppressWarnings("ArrayRecordComponent")
  record Floats(float[] values) implements Values {}

  /**
   * The body as it is sent.
   *
   * @param jsonBytes length of the JSON at its beginning, as long as {@code bytes} when no output
   *     is binary
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Body(byte[] bytes, int jsonBytes) {}

  Body body() {
    List<byte[]> raw = new ArrayList<>(0);
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(512)) {
      try (JsonGenerator out = JSON.createGenerator(bytes)) {
        write(out, raw);
      }
      int jsonBytes = bytes.size();
      if (raw.isEmpty()) {
        return new Body(bytes.toByteArray(), jsonBytes);
      }
      for (byte[] tensor : raw) {
        bytes.write(tensor);
      }
      return new Body(bytes.toByteArray(), jsonBytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  private void write(JsonGenerator out, List<byte[]> raw) throws IOException {
    out.writeStartObject();
    out.writeStringField("model_name", model);
    out.writeStringField("model_version", version);
    if (!id.isEmpty()) {
      out.writeStringField("id", id);
    }
    out.writeArrayFieldStart("outputs");
    for (Output output : outputs) {
      out.writeStartObject();
      out.writeStringField("name", output.name());
      out.writeArrayFieldStart("shape");
      for (long dimension : output.shape()) {
        out.writeNumber(dimension);
      }
      out.writeEndArray();
      out.writeStringField("datatype", output.values() instanceof Texts ? "BYTES" : "FP32");
      if (output.binary()) {
        byte[] bytes = raw(output.values());
        raw.add(bytes);
        out.writeObjectFieldStart("parameters");
        out.writeNumberField("binary_data_size", bytes.length);
        out.writeEndObject();
      } else {
        out.writeArrayFieldStart("data");
        data(out, output.values());
        out.writeEndArray();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void data(JsonGenerator out, Values values) throws IOException {
    if (values instanceof Texts texts) {
      for (String text : texts.texts()) {
        out.writeString(text);
      }
    } else if (values instanceof Floats floats) {
      for (float value : floats.values()) {
        out.writeNumber(value);
      }
    }
  }

  private static byte[] raw(Values values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (values instanceof Texts texts) {
      for (String text : texts.texts()) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(
            new byte[] {
              (byte) utf8.length,
              (byte) (utf8.length >> 8),
              (byte) (utf8.length >> 16),
              (byte) (utf8.length >> 24)
            });
        bytes.writeBytes(utf8);
      }
    } else if (values instanceof Floats floats) {
      byte[] elements = new byte[floats.values().length * Float.BYTES];
      ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats.values());
      bytes.writeBytes(elements);
    }
    return bytes.toByteArray();
  }
}
