// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** The page at {@code /}, used as a person would: in a real browser, on a real server. */
@NullMarked
package dev.partita.it.page;

import org.jspecify.annotations.NullMarked;
