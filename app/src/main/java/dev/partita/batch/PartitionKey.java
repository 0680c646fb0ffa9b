// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/** A partition of one step execution. */
record PartitionKey(long stepExecutionId, int partition) {}
