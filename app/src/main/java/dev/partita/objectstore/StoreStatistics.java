// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

/**
 * The state of an arena, the same for every process that shares it.
 *
 * @param arenaBytes its size
 * @param usedBytes of it, by objects in any state
 * @param objects in the arena or spilled
 * @param writingObjects not sealed yet
 * @param spills objects written to the spill folder since the arena was made
 * @param restores objects brought back since then
 * @param recoveries deaths of processes in the middle of a change, mended by others
 * @param reapedClients processes that ended without closing the store
 * @param clients handles that are open now
 * @param brokerPid the process that lets others in
 */
public record StoreStatistics(
    long arenaBytes,
    long usedBytes,
    long objects,
    long spilledObjects,
    long pinnedObjects,
    long writingObjects,
    long spills,
    long restores,
    long recoveries,
    long reapedClients,
    int clients,
    int brokerPid) {}
