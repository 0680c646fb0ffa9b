// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;

/**
 * A job instance as doors show it.
 *
 * @param jobXmlName the packaged job's name without {@code .xml}; empty when the JSL came inline
 * @param batchState of the newest execution
 * @param exitStatus of the newest execution; empty until it ends
 * @param lastUpdatedTime of the newest execution
 */
public record JobInstanceInfo(
    long instanceId,
    String jobName,
    String applicationName,
    String submitter,
    String jobXmlName,
    BatchState batchState,
    InstanceState instanceState,
    String exitStatus,
    Instant createTime,
    Instant lastUpdatedTime) {}
