// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The keys {@code partita.*}: read once, typed, checked together; every problem is reported in one
 * message that stops the start. Also the fault points that black-box tests pause at.
 */
@NullMarked
package dev.partita.config;

import org.jspecify.annotations.NullMarked;
