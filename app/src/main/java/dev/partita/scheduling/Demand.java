// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/**
 * Work to place: the partitions of a step, a task, a placement group. Its bundles are numbered from
 * 0.
 *
 * @param id unique among the demands that have not ended
 */
public record Demand(
    String id, PlacementGroup group, Where where, Share share, RetryPolicy retry) {}
