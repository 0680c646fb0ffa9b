// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.PartitaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextFeaturizerTest {
  private static final int BUCKETS = 1 << 18;

  private static List<int[]> ids(List<byte[]> texts, int threads) {
    List<int[]> ids = new ArrayList<>();
    try (TextFeaturizer featurizer = new TextFeaturizer(BUCKETS, threads);
        FeatureBatch batch = featurizer.featurize(texts)) {
      for (int i = 0; i < batch.size(); i++) {
        ids.add(batch.ids(i));
      }
    }
    return ids;
  }

  private static int[] ids(String text) {
    return ids(List.of(text.getBytes(UTF_8)), 1).get(0);
  }

  private static List<byte[]> randomBytes(int texts, int longest) {
    Random random = new Random(42);
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < texts; i++) {
      byte[] text = new byte[random.nextInt(longest)];
      random.nextBytes(text);
      all.add(text);
    }
    return all;
  }

  @Test
  void wordsAndNeighbouringPairsBecomeFeatures() {
    int[] ids = ids("a small furry animal");
    assertThat(ids).hasSize(7);
    assertThat(ids[0]).isEqualTo(ids("a")[0]);
    assertThat(ids[2]).isEqualTo(ids("a small")[2]);
  }

  @Test
  void lowerCasingIsThatOfUnicode() {
    assertThat(ids("ÄPFEL ÉTÉ ЖУК ΑΒΓ")).isEqualTo(ids("äpfel été жук αβγ"));
  }

  @Test
  void everyCodePointIsTakenAsJavaTakesIt() {
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      if (c % 37 == 0 && Character.isLetterOrDigit(c)) {
        String lower = Character.toString(Character.toLowerCase(c));
        assertThat(ids(Character.toString(c))).as("U+%X", c).isEqualTo(ids(lower)).hasSize(1);
      }
    }
  }

  @Test
  void anyBytesAreAText() {
    List<byte[]> texts = randomBytes(2_000, 300);
    List<int[]> ids = ids(texts, 1);
    assertThat(ids).hasSize(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      assertThat(ids.get(i).length).isLessThanOrEqualTo(texts.get(i).length);
      assertThat(IntStream.of(ids.get(i))).allMatch(id -> id >= 0 && id < BUCKETS);
    }
  }

  @Test
  void theNumberOfThreadsLeavesNoTrace() {
    List<byte[]> texts = randomBytes(3_000, 300);
    int[][] one = ids(texts, 1).toArray(new int[0][]);
    int[][] four = ids(texts, 4).toArray(new int[0][]);
    assertThat(Arrays.deepEquals(four, one)).isTrue();
  }

  @Test
  void textsInNativeMemoryAreReadInPlace() {
    try (TextFeaturizer featurizer = new TextFeaturizer(BUCKETS, 1);
        NativeBlock memory = new NativeBlock(64);
        FeatureBatch batch = new FeatureBatch()) {
      NamedRegion region = memory.region("text", 0, 16L);
      ByteBuffer bytes = region.view(0, 64);
      bytes.put("red fox".getBytes(UTF_8));
      featurizer.featurize(new long[] {region.address()}, new int[] {7}, batch);
      assertThat(batch.ids(0)).isEqualTo(ids("red fox"));
      featurizer.featurize(new long[0], new int[0], batch);
      assertThat(batch.size()).isZero();
    }
  }

  @Test
  void aMillionCharactersAreOneText() {
    assertThat(ids("ab ".repeat(333_334))).hasSize(666_667);
    assertThat(ids("é".repeat(1_000_000))).hasSize(1);
  }

  @Test
  void wrongSizesAreRefusedWithTheReason() {
    assertThatThrownBy(() -> new TextFeaturizer(1000, 1))
        .isInstanceOf(PartitaException.class)
        .hasMessageContaining("power of two");
    TextFeaturizer closed = new TextFeaturizer(2, 1);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.featurize(List.of())).isInstanceOf(IllegalStateException.class);
  }
}
