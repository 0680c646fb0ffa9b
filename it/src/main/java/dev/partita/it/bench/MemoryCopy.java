// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

/** What one core of this machine needs to copy memory, plainly. */
final class MemoryCopy {
  private static final int PIECE_BYTES = 32 << 20; // past the caches
  private static final int ROUNDS = 20;

  private MemoryCopy() {}

  /** Milliseconds to copy so many bytes into memory that was used before. */
  static double millis(double bytes) {
    byte[] from = new byte[PIECE_BYTES];
    byte[] to = new byte[PIECE_BYTES];
    System.arraycopy(from, 0, to, 0, PIECE_BYTES);
    long began = System.nanoTime();
    for (int i = 0; i < ROUNDS; i++) {
      System.arraycopy(from, 0, to, 0, PIECE_BYTES);
    }
    double perByte = (System.nanoTime() - began) / ((double) ROUNDS * PIECE_BYTES);
    return bytes * perByte / 1e6;
  }
}
