// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The benchmarks: each prints its figures as JSON lines, beside their physical limit or a plain
 * single-process figure of the same run. What each figure means is in {@code it/README.md}.
 */
@NullMarked
package dev.partita.it.bench;

import org.jspecify.annotations.NullMarked;
