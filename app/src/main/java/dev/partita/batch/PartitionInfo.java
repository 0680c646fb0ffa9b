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
    Map<String, Long> metrics) {}
