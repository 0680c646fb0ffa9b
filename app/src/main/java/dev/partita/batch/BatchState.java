// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/** The batch status of JSR-352: of an execution, a step or a partition. */
public enum BatchState {
  STARTING,
  STARTED,
  STOPPING,
  STOPPED,
  FAILED,
  COMPLETED,
  ABANDONED;

  /** Nothing runs any more. */
  public boolean ended() {
    return this == STOPPED || this == FAILED || this == COMPLETED || this == ABANDONED;
  }
}
