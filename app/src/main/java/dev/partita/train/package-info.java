// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Training: runs a {@link dev.partita.train.TrainingLoop} as a gang of ranks that start, step, save
 * and stop together, and goes on from the last checkpoint after any kill. A loop of a user's own
 * needs {@code TrainingLoop} and {@code TrainingContext} only.
 */
@NullMarked
package dev.partita.train;

import org.jspecify.annotations.NullMarked;
