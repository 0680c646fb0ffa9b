// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InferRequestParserTest {
  private static final int MAX_TEXT = 1_000;
  private final InferRequestParser parser = new InferRequestParser(MAX_TEXT);

  @Test
  void readsTextsInOrder() {
    InferRequest request =
        parse(
            "{\"id\":\"7\",\"inputs\":[{\"name\":\"text\",\"shape\":[2],\"datatype\":\"BYTES\","
                + "\"data\":[\"a cat\",\"größer\"]}],\"outputs\":[{\"name\":\"label\"}]}");
    assertThat(request.id()).isEqualTo("7");
    assertThat(request.outputs()).extracting("name").containsExactly("label");
    assertThat(((Tensor.Texts) request.inputs().get(0).data()).utf8())
        .containsExactly("a cat".getBytes(UTF_8), "größer".getBytes(UTF_8));
  }

  @Test
  void takesDataBeforeItsShapeAndType() {
    InferRequest request =
        parse(
            "{\"inputs\":[{\"data\":[[1.5,-2],[3e1,4]],\"name\":\"x\",\"datatype\":\"FP32\","
                + "\"shape\":[2,2]}]}");
    assertThat(((Tensor.Floats) request.inputs().get(0).data()).values())
        .containsExactly(1.5f, -2f, 30f, 4f);
  }

  @Test
  void readsBinaryTensorsBehindTheJson() {
    byte[] json =
        ("{\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\","
                + "\"parameters\":{\"binary_data_size\":7}},"
                + "{\"name\":\"x\",\"shape\":[2],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":8}}]}")
            .getBytes(UTF_8);
    ByteBuffer raw = ByteBuffer.wrap(new byte[15]).order(ByteOrder.LITTLE_ENDIAN);
    raw.putInt(3).put("cat".getBytes(UTF_8)).putFloat(1).putFloat(2);
    byte[] body = ByteBuffer.allocate(json.length + 15).put(json).put(raw.flip()).array();
    InferRequest request = parser.parse(body, json.length);
    assertThat(((Tensor.Texts) request.inputs().get(0).data()).utf8())
        .containsExactly("cat".getBytes(UTF_8));
    assertThat(((Tensor.Floats) request.inputs().get(1).data()).values()).containsExactly(1f, 2f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"inputs\":[]}",
        "{\"inputs\":{}}",
        "{\"inputs\":[{}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"TEXT\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"BYTES\"}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"\\ud800\"]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a\"]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"a\",\"b\"]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[-1],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1.5],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1,1,1,1,1,1,1,1,1],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[4294967296,4294967296],\"datatype\":\"FP32\",\"data\":[]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[9223372036854775807,3],\"datatype\":\"FP64\",\"data\":[]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[2000000000],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[99999999999999999999],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[[[[[[[[[1]]]]]]]]]}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1],"
            + "\"parameters\":{\"binary_data_size\":-1}}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"FP32\","
            + "\"parameters\":{\"binary_data_size\":4000000000}}]}",
        "{\"inputs\":[{\"name\":\"t\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]} trailing"
      })
  void refusesWhatIsWrong(String body) {
    assertThatThrownBy(() -> parse(body)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void refusesAMillionCharacters() {
    assertThatThrownBy(() -> parse(text("x".repeat(1_000_000))))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void refusesADepthOfAHundredThousand() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThatThrownBy(() -> parse(deep)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> parse("{\"parameters\":{\"x\":" + deep + "}}"))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> parse("{\"inputs\":[{\"data\":" + deep + "}]}"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[][] wrong = {
      {(byte) 0x80},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82}
    };
    for (byte[] bytes : wrong) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] frame = text("@").getBytes(UTF_8);
      int at = text("@").indexOf('@');
      body.write(frame, 0, at);
      body.writeBytes(bytes);
      body.write(frame, at + 1, frame.length - at - 1);
      assertThatThrownBy(() -> parser.parse(body.toByteArray(), body.size()))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("UTF-8");
    }
  }

  /** Whatever a client sends, it is answered or refused; nothing else escapes. */
  @Test
  void neverFailsOtherwise() {
    Random random = new Random(7);
    byte[] good =
        ("{\"inputs\":[{\"name\":\"t\",\"shape\":[2],\"datatype\":\"FP32\",\"data\":[1.5,2e3]},"
                + "{\"data\":[\"a\\u00e9\"],\"name\":\"u\",\"shape\":[1],\"datatype\":\"BYTES\"}]}")
            .getBytes(UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] body = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      int jsonBytes = random.nextInt(10) == 0 ? random.nextInt(body.length) : body.length;
      try {
        parser.parse(body, jsonBytes);
      } catch (InvalidRequestException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private InferRequest parse(String json) {
    byte[] body = json.getBytes(UTF_8);
    return parser.parse(body, body.length);
  }

  private static String text(String text) {
    return "{\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\""
        + text
        + "\"]}]}";
  }
}
