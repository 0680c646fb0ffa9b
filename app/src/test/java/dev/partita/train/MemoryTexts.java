// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.BytePointer;

/** Made-up texts whose class can be told from their words. */
final class MemoryTexts implements TrainingTexts {
  private static final int CLASSES = 5;
  private final BytePointer[] texts;
  private final int[] labels;

  MemoryTexts(int count) {
    texts = new BytePointer[count];
    labels = new int[count];
    SplittableRandom random = new SplittableRandom(3);
    for (int row = 0; row < count; row++) {
      labels[row] = random.nextInt(CLASSES);
      StringBuilder text = new StringBuilder();
      for (int word = 3 + random.nextInt(8); word > 0; word--) {
        int kind = random.nextInt(3) == 0 ? labels[row] : random.nextInt(CLASSES);
        text.append((char) ('a' + kind)).append(random.nextInt(20)).append(' ');
      }
      byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
      texts[row] = new BytePointer(utf8.length).put(utf8, 0, utf8.length);
    }
  }

  @Override
  public int size() {
    return texts.length;
  }

  @Override
  public int classes() {
    return CLASSES;
  }

  @Override
  public int label(int row) {
    return labels[row];
  }

  @Override
  public long address(int row) {
    return texts[row].address();
  }

  @Override
  public int length(int row) {
    return (int) texts[row].capacity();
  }

  @Override
  public void close() {
    for (BytePointer text : texts) {
      text.close();
    }
  }
}
