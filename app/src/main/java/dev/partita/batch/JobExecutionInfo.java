// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job instance as doors show it.
 *
 * @param exitStatus empty until the execution ends
 * @param serverId the process that runs or ran it
 * @param logPath the execution's log file on that process's machine
 * @param reason why it failed, in one line; empty if it did not or nobody knows
 */
public record JobExecutionInfo(
    long executionId,
    long instanceId,
    String jobName,
    BatchState batchState,
    String exitStatus,
    Instant createTime,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    Instant lastUpdatedTime,
    Map<String, String> parameters,
    String serverId,
    String logPath,
    String reason) {}
