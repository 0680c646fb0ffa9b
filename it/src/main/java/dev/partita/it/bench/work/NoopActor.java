// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench.work;

import dev.partita.task.Actor;

/** An actor that does nothing. */
@Actor
public class NoopActor {
  private static final String OK = "ok";

  public String noop() {
    return OK;
  }
}
