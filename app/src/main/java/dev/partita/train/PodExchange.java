// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import java.nio.ByteBuffer;

/**
 * What a pod tells the other pods of its gang while all ranks wait, and what it does with what they
 * tell. One rank of each pod calls it; on a gang of one pod nobody does.
 */
public interface PodExchange {
  /** Bytes that {@link #give} puts. */
  int bytes();

  /** Puts what the other pods shall get into a buffer that an array backs. */
  void give(ByteBuffer into);

  /** Takes what another pod gave; once per other pod, in the order of the pods. */
  void take(ByteBuffer from);
}
