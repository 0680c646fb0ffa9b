// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.objectstore.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What came of a call.
 *
 * @param bytes at most {@value Call#MAX_BYTES}, read-only
 * @param objects that were made, sealed, at most {@value Call#MAX_OBJECTS}; they are the caller's
 */
public record Answer(ByteBuffer bytes, List<ObjectId> objects) {
  public Answer {
    Limits.check("an answer", bytes.remaining(), objects.size());
    bytes = bytes.asReadOnlyBuffer();
    objects = List.copyOf(objects);
  }

  /** Without objects. */
  public static Answer of(byte[] bytes) {
    return new Answer(ByteBuffer.wrap(bytes), List.of());
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }
}
