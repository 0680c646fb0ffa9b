// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench.work;

import dev.partita.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;

/** Tasks that make and read large objects. */
@ApplicationScoped
public class Bytes {
  private static final int PAGE = 4_096;

  /** So many bytes, each page of them written. */
  @Task
  public ByteBuffer make(int bytes) {
    ByteBuffer made = ByteBuffer.allocateDirect(bytes);
    for (int i = 0; i < bytes; i += PAGE) {
      made.put(i, (byte) 1);
    }
    return made;
  }
}
