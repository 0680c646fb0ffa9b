// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The Jakarta Batch TCK as judge of the engine: on JBeret as it is, on ours in one JVM, and on ours
 * in two servers.
 */
@NullMarked
package dev.partita.it.tck;

import org.jspecify.annotations.NullMarked;
