// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.objectstore.ObjectId;
import org.jspecify.annotations.Nullable;

/** Where an argument or a result is. Never changes. */
sealed interface Value {
  /** Larger ones go through the object store. */
  int MAX_INLINE_BYTES = 64 << 10;

  /** Here, as bytes of {@link Codec}. */
  final class Inline implements Value {
    private final byte[] bytes;

    Inline(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Not to be changed. */
    byte[] bytes() {
      return bytes;
    }
  }

  /** Here, as itself; of a type that nobody can change. */
  record Shared(@Nullable Object object) implements Value {}

  /**
   * In the arena of a pod.
   *
   * @param holder the pod's life; with it the object is gone
   */
  record Stored(ObjectId id, long byteSize, String holder) implements Value {}
}
