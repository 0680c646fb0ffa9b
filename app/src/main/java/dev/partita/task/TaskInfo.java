// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task or a call to an actor, as people see it.
 *
 * @param id of the object that it makes
 * @param kind TASK or ACTOR_CALL
 * @param state WAITING_FOR_ARGUMENTS, WAITING, RUNNING, BACKING_OFF; SUCCEEDED, FAILED, CANCELLED
 * @param owner the caller it was made for; empty: a program of the pod's
 * @param run its last attempt
 * @param failure null unless it failed or was cancelled
 */
public record TaskInfo(
    String id,
    String name,
    String kind,
    String state,
    String owner,
    Run run,
    @Nullable Failure failure) {

  /**
   * When and where.
   *
   * @param pod the life of the pod it was sent to last; empty: none yet
   * @param attempt from 1; 0 before the first
   * @param started when it was sent to that pod
   */
  public record Run(
      String pod,
      int attempt,
      Instant submitted,
      @Nullable Instant started,
      @Nullable Instant ended) {}

  /** Why there is no result. */
  public record Failure(ErrorCode code, String message, String stack) {}
}
