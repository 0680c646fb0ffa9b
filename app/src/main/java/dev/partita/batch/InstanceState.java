// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/** The state of a job instance, in the words of IBM's batch REST contract. */
public enum InstanceState {
  SUBMITTED,
  JMS_QUEUED,
  JMS_CONSUMED,
  DISPATCHED,
  FAILED,
  STOPPED,
  COMPLETED,
  ABANDONED;

  /** A submitted job waits for admission; a dispatched one runs. */
  public static InstanceState of(BatchState state) {
    return switch (state) {
      case STARTING -> SUBMITTED;
      case STARTED, STOPPING -> DISPATCHED;
      case STOPPED -> STOPPED;
      case FAILED -> FAILED;
      case COMPLETED -> COMPLETED;
      case ABANDONED -> ABANDONED;
    };
  }
}
