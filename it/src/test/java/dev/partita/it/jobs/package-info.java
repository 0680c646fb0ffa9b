// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** The main job from outside, on real data: trains, registers, classifies, serves, stops. */
@NullMarked
package dev.partita.it.jobs;

import org.jspecify.annotations.NullMarked;
