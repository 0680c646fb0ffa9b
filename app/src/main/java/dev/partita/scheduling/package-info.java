// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Decides which node runs what: resources, gangs, fair shares, retries. Pure Java on a clock that
 * the caller passes in: no I/O, no threads, no randomness, no other room but {@code error}. {@link
 * dev.partita.scheduling.Scheduler} is the entry.
 */
@NullMarked
package dev.partita.scheduling;

import org.jspecify.annotations.NullMarked;
