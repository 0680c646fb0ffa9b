// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** Black-box tests of every HTTP door: who gets in, and what hostile callers achieve. */
@NullMarked
package dev.partita.it.doors;

import org.jspecify.annotations.NullMarked;
