// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a step.
 *
 * @param metrics READ_COUNT, WRITE_COUNT, COMMIT_COUNT, …, of a partitioned step the sums
 * @param partitions in the order of their numbers; empty when the step is not partitioned
 */
public record StepExecutionInfo(
    long stepExecutionId,
    long executionId,
    long instanceId,
    String stepName,
    BatchState batchState,
    String exitStatus,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    Map<String, Long> metrics,
    List<PartitionInfo> partitions) {}
