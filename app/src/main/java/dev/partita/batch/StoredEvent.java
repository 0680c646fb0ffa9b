// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/**
 * A published event.
 *
 * @param seq rises by one per instance, across executions; the first is 1
 * @param json the whole event as one JSON object: type, time, instanceId, executionId, step, …
 */
public record StoredEvent(long instanceId, long seq, EventType type, String json) {}
