// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

/**
 * One object as a listing shows it.
 *
 * @param byteSize of the payload
 * @param metadataBytes beside it
 * @param arenaBytes what it occupies of the arena; 0 when it is spilled
 * @param pinningProcesses how many processes hold it
 * @param writerPid the process that writes it, or 0
 */
public record ObjectInfo(
    ObjectId id,
    long byteSize,
    long metadataBytes,
    long arenaBytes,
    State state,
    Budget budget,
    int pinningProcesses,
    int writerPid) {

  /** Where an object is in its life. */
  public enum State {
    /** Not sealed yet; only its writer sees it. */
    WRITING,
    /** Immutable, in the arena. */
    SEALED,
    /** Immutable, in the spill folder; a get brings it back. */
    SPILLED,
    /** Deleted, and kept until the last process lets go of it. */
    DELETED
  }
}
