// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

/**
 * The core's text featurizer in plain Java, as fast as it goes without vectors: tables instead of
 * searches, no allocation while it runs. What the core is measured against.
 */
final class JavaFeaturizer {
  private static final long WORD_SEED = 0x243F6A8885A308D3L;
  private static final long WORD_PRIME = 0x9FB21C651E98DF25L;
  private static final int OTHER = -1;
  private static final int INVALID = -1;

  /** Of each code point: in lower case if it belongs to a word, else OTHER. */
  private static final int[] LOWER = new int[Character.MAX_CODE_POINT + 1];

  private static final boolean[] IDEOGRAPH = new boolean[Character.MAX_CODE_POINT + 1];

  static {
    for (int c = 0; c < LOWER.length; c++) {
      LOWER[c] = isWord(c) ? Character.toLowerCase(c) : OTHER;
      IDEOGRAPH[c] = Character.isIdeographic(c) && isWord(c);
    }
  }

  private final int shift;
  private int position;

  JavaFeaturizer(int bucketBits) {
    shift = Long.SIZE - bucketBits;
  }

  private static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> Character.isLetterOrDigit(c);
    };
  }

  /** Writes the ids of one text from {@code ids[at]} on; returns one past the last. */
  int featurize(byte[] bytes, int from, int to, int[] ids, int at) {
    long word = WORD_SEED;
    long previous = 0;
    boolean open = false;
    boolean second = false;
    int out = at;
    int i = from;
    while (i <= to) {
      int c;
      boolean alone = false;
      if (i == to) {
        c = OTHER;
        i++;
      } else if (bytes[i] >= 0) {
        c = LOWER[bytes[i++]];
      } else {
        int decoded = decode(bytes, i, to);
        i = position;
        c = decoded == INVALID ? OTHER : LOWER[decoded];
        alone = c != OTHER && IDEOGRAPH[decoded];
        if (alone) {
          c = decoded;
        }
      }
      if (c != OTHER && !alone) {
        word = (word ^ c) * WORD_PRIME;
        open = true;
        continue;
      }
      if (open) {
        long hash = finish(word);
        ids[out++] = (int) (hash >>> shift);
        if (second) {
          ids[out++] = (int) (finish(previous * 0xA24BAED4963EE407L + hash) >>> shift);
        }
        previous = hash;
        second = true;
        open = false;
        word = WORD_SEED;
      }
      if (alone) {
        long hash = finish((WORD_SEED ^ c) * WORD_PRIME);
        ids[out++] = (int) (hash >>> shift);
        if (second) {
          ids[out++] = (int) (finish(previous * 0xA24BAED4963EE407L + hash) >>> shift);
        }
        previous = hash;
        second = true;
      }
    }
    return out;
  }

  private static long finish(long hash) {
    long h = hash ^ (hash >>> 32);
    h *= 0xD6E8FEB86659FD93L;
    h ^= h >>> 32;
    h *= 0xD6E8FEB86659FD93L;
    return h ^ (h >>> 32);
  }

  /** The code point at {@code i}, strictly UTF-8, leaving what comes next in {@link #position}. */
  private int decode(byte[] bytes, int i, int to) {
    int lead = bytes[i] & 0xFF;
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    position = i + 1;
    if (lead < 0xC2 || lead > 0xF4 || to - i <= more) {
      return INVALID;
    }
    int c = lead & (0x3F >> more);
    for (int k = 1; k <= more; k++) {
      if ((bytes[i + k] & 0xC0) != 0x80) {
        return INVALID;
      }
      c = (c << 6) | (bytes[i + k] & 0x3F);
    }
    boolean overlong = (more == 2 && c < 0x800) || (more == 3 && c < 0x10000);
    if (overlong || c > Character.MAX_CODE_POINT || (c >= 0xD800 && c <= 0xDFFF)) {
      return INVALID;
    }
    position = i + more + 1;
    return c;
  }
}
