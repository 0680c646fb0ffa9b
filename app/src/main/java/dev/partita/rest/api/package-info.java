// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** Partita's own API at {@code /api}: sign-in, what jobs tell while they run, models, results. */
@NullMarked
package dev.partita.rest.api;

import org.jspecify.annotations.NullMarked;
