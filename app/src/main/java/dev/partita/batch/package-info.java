// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Runs jobs (JSR-352): submits, restarts and stops them, places their partitions, keeps what they
 * did and tells it while it happens. The only room that knows JBeret.
 */
@NullMarked
package dev.partita.batch;

import org.jspecify.annotations.NullMarked;
