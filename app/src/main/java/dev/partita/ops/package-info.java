// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What operators look at: health with reasons, metrics in Prometheus text, the description of the
 * API.
 */
@NullMarked
package dev.partita.ops;

import org.jspecify.annotations.NullMarked;
