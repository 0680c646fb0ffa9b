// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.error;

/**
 * The kinds of failure a caller can tell apart; the word is the same in logs, REST problems and
 * metrics.
 */
public enum ErrorCode {
  /**
   * The input is wrong and will stay wrong: the message says what, with which value, and what to
   * do.
   */
  INVALID_ARGUMENT,
  /** A job definition (JSL) was refused; the message names line and reason. */
  INVALID_JOB,
  /** A configuration key has a value outside its range. */
  INVALID_CONFIG,
  /** The thing asked for does not exist. */
  NOT_FOUND,
  /** The thing exists, but not in a state that allows the call. */
  CONFLICT,
  /** Nobody knows who is calling: sign in. */
  UNAUTHENTICATED,
  /** The caller is known but may not do this. */
  FORBIDDEN,
  /** The input is larger than the limit named in the message. */
  TOO_LARGE,
  /** A partition's lease was taken over; its holder must stop without writing. */
  FENCED,
  /** The queue in front of this is full; the same call may succeed a moment later. */
  UNAVAILABLE,
  /** A wait ended before what it waited for happened. */
  TIMEOUT,
  /** Another member of the same gang failed or is gone, so this one stopped too. */
  GANG_ABORTED,
  /** No node could ever run it: the message says what it asks for and what there is. */
  PLACEMENT_INFEASIBLE,
  /** A checkpoint's files do not match its manifest. */
  CHECKPOINT_CORRUPT,
  /** An object's bytes are gone: its copy on disk is missing or damaged. */
  OBJECT_LOST,
  /** The database or the storage could not be reached or written. */
  STORAGE_FAILURE,
  /** Work that ran elsewhere threw; its stack comes with it. */
  WORK_FAILED,
  /** The worker ended before it answered; how far the work came is not known. */
  WORKER_DIED,
  /** The pod that ran it is gone, and it may not run again. */
  NODE_DIED,
  /** The actor is gone: it was killed, could not start, or may not be restarted. */
  ACTOR_DIED,
  /** The pod that owned it is gone, and what it owned with it. */
  OWNER_DIED,
  /** Somebody did not want it any more. */
  CANCELLED,
  /** A call into the native core failed. */
  NATIVE_FAILURE,
  /** Not enough memory for this call; nothing else is affected. */
  OUT_OF_MEMORY,
  /** A defect of Partita's own. */
  INTERNAL
}
