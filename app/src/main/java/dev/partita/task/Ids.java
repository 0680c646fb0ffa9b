// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.security.SecureRandom;

/** Names that nobody guesses. */
final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  static ActorId actor() {
    return new ActorId(RANDOM.nextLong(), RANDOM.nextLong());
  }

  static GroupId group() {
    return new GroupId(RANDOM.nextLong(), RANDOM.nextLong());
  }
}
