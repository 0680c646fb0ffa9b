// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** What can go wrong: one exception type and the list of its codes. Every other room may use it. */
@NullMarked
package dev.partita.error;

import org.jspecify.annotations.NullMarked;
