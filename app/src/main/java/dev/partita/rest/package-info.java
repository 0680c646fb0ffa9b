// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP door: one Jakarta REST application for the jobs API ({@code /ibm/api/batch}), inference
 * ({@code /v2}) and Partita's own API ({@code /api}), behind one servlet filter that every request
 * passes. Requests become calls of lower rooms without a hop in between.
 */
@NullMarked
package dev.partita.rest;

import org.jspecify.annotations.NullMarked;
