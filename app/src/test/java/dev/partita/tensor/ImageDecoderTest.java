// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {
  private static final ImageDecoder.Form FORM =
      new ImageDecoder.Form(
          4, 2, false, 10_000, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.25f, 1f));

  @Test
  void imagesOfBothFormatsBecomeNormalisedPlanesAndABadOneOnlyItself() throws IOException {
    List<ByteBuffer> files =
        List.of(
            ByteBuffer.wrap(file("png")),
            ByteBuffer.wrap("not an image".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            inNativeMemory(file("jpg")));
    try (ImageDecoder decoder = new ImageDecoder(FORM, 2)) {
      assertThat(decoder.imageBytes()).isEqualTo(4 * 3 * 2 * 4);
      ByteBuffer batch = ByteBuffer.allocateDirect(3 * 96).order(ByteOrder.nativeOrder());
      assertThat(decoder.decode(files, batch))
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.image()).isEqualTo(1);
                assertThat(failure.reason()).contains("neither a JPEG nor a PNG");
              });
      for (int image : new int[] {0, 2}) {
        float tolerance = image == 0 ? 1e-5f : 0.1f;
        assertThat(batch.getFloat(image * 96)).isCloseTo(1f, within(tolerance));
        assertThat(batch.getFloat(image * 96 + 32)).isCloseTo(-2f, within(tolerance));
        assertThat(batch.getFloat(image * 96 + 64)).isCloseTo(-0.5f, within(tolerance));
      }
      assertThat(batch.getFloat(96)).isZero();
      assertThat(decoder.decode(List.of(), batch)).isEmpty();
      assertThatThrownBy(() -> decoder.decode(files, ByteBuffer.allocateDirect(95)))
          .hasMessageContaining("do not fit");
    }
  }

  @Test
  void aWrongFormIsRefused() {
    assertThatThrownBy(
            () ->
                new ImageDecoder(new ImageDecoder.Form(0, 2, true, 1, List.of(0f), List.of(1f)), 1))
        .hasMessageContaining("width");
  }

  /** Red all over. */
  private static byte[] file(String format) throws IOException {
    BufferedImage image = new BufferedImage(17, 9, BufferedImage.TYPE_3BYTE_BGR);
    for (int at = 0; at < 17 * 9; at++) {
      image.setRGB(at % 17, at / 17, 0xFF0000);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static ByteBuffer inNativeMemory(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length + 3).position(3).put(bytes).position(3);
  }
}
