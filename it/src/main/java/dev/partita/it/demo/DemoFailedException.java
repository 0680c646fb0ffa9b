// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

/** The demo cannot go on, or its result is not what it must be; the message is for a person. */
final class DemoFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoFailedException(String reason) {
    super(reason);
  }
}
