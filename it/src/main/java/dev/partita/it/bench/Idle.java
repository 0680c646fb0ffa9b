// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.io.IOException;

/** A Java process that does nothing until its standard input ends: what a JVM alone costs. */
final class Idle {
  private Idle() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    System.in.readAllBytes();
  }
}
