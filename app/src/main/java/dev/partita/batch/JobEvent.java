// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a job instance, to be published.
 *
 * @param executionId 0 when the event belongs to no execution
 * @param step null for an event of the whole job
 * @param partition null for an event of the whole step
 * @param fields more JSON fields: strings, numbers, booleans
 */
public record JobEvent(
    long instanceId,
    long executionId,
    @Nullable String step,
    @Nullable Integer partition,
    EventType type,
    Instant time,
    Map<String, Object> fields) {}
