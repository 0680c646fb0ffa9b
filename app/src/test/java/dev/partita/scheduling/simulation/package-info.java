// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A cluster in one thread: nodes, leader, database and network are models on a virtual clock, the
 * scheduler is the real one, faults come from a seed. The same seed is the same run.
 */
@NullMarked
package dev.partita.scheduling.simulation;

import org.jspecify.annotations.NullMarked;
