// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

/** 128 random bits that name an object for ever; written as 32 hexadecimal digits. */
public record ObjectId(long high, long low) {

  /** The id that {@link #toString} wrote. */
  public static ObjectId parse(String text) {
    if (text.length() != 32) {
      throw new IllegalArgumentException("an object id has 32 hexadecimal digits: " + text);
    }
    return new ObjectId(
        Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, 32, 16));
  }

  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
