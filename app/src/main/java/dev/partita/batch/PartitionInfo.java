// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a step execution.
 *
 * @param attempt counts the claims of this partition; the fencing token of its holder
 * @param waits why it does not run now, for a person; empty if it runs, ended, or nobody knows yet
 * @param metrics as of {@link StepExecutionInfo}
 */
public record PartitionInfo(
    int partitionNumber,
    BatchState batchState,
    String exitStatus,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    String serverId,
    long attempt,
    String waits,
    Map<String, Long> metrics) {
  PartitionInfo waitsFor(String reason) {
    return new PartitionInfo(
        partitionNumber,
        batchState,
        exitStatus,
        startTime,
        endTime,
        serverId,
        attempt,
        reason,
        metrics);
  }
}
