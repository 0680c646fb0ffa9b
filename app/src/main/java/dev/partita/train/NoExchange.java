// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import java.nio.ByteBuffer;

/** Pods only meet. */
final class NoExchange implements PodExchange {
  @Override
  public int bytes() {
    return 0;
  }

  @Override
  public void give(ByteBuffer into) {}

  @Override
  public void take(ByteBuffer from) {}
}
