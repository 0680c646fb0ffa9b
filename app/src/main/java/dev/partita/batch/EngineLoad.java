// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/**
 * How much the engine has to do.
 *
 * @param activeJobs executions that run
 * @param waitingJobs executions that wait for their turn
 * @param activePartitions partitions that run on this pod
 * @param waitingPlacements partitions that wait for a place: on a pod that is alone its own, on a
 *     cluster those of all pods, told by the one that leads
 * @param refusedWrites transactions refused since the start, because their partition was taken over
 */
public record EngineLoad(
    int activeJobs,
    int waitingJobs,
    int activePartitions,
    int waitingPlacements,
    long refusedWrites) {}
