// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import java.time.Duration;

/** Nobody to wait for. */
final class LonePod implements GangPeers {
  @Override
  public int pods() {
    return 1;
  }

  @Override
  public int pod() {
    return 0;
  }

  @Override
  public byte[][] allGather(byte[] mine, Duration timeout) {
    return new byte[][] {mine};
  }

  @Override
  public void abort(String reason) {}

  @Override
  public void close() {}
}
