// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.objectstore.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What is asked of a worker. Large values go through the store.
 *
 * @param work its name
 * @param bytes at most {@value #MAX_BYTES}, read-only
 * @param objects that it is about, at most {@value #MAX_OBJECTS}; who calls keeps them
 */
public record Call(String work, ByteBuffer bytes, List<ObjectId> objects) {
  public static final int MAX_NAME = 200;
  public static final int MAX_BYTES = 1 << 20;
  public static final int MAX_OBJECTS = 65_536;

  public Call {
    if (work.isEmpty() || work.length() > MAX_NAME) {
      throw new IllegalArgumentException("the name of work has 1 to 200 characters: " + work);
    }
    Limits.check("a call", bytes.remaining(), objects.size());
    bytes = bytes.asReadOnlyBuffer();
    objects = List.copyOf(objects);
  }

  /** Without objects. */
  public static Call of(String work, byte[] bytes) {
    return new Call(work, ByteBuffer.wrap(bytes), List.of());
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  int byteSize() {
    return bytes.remaining() + objects.size() * Limits.OBJECT_BYTES + work.length();
  }
}
