// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/** A partition that any pod may run. */
record PostedPartition(PartitionKey key, long instanceId, long executionId, String stepName) {}
