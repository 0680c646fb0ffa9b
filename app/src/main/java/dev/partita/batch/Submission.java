// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/** An accepted job: its rows are committed, so it survives any crash from now on. */
public record Submission(long instanceId, long executionId) {}
