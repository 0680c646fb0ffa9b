// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Checkpoints of training runs: blobs under a storage URI, committed by one row. Readers see rows
 * only, so a half-written checkpoint does not exist; whatever has no row is swept.
 */
@NullMarked
package dev.partita.checkpoint;

import org.jspecify.annotations.NullMarked;
