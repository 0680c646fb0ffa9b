// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** Several servers on one PostgreSQL, some of which die, freeze or leave. */
@NullMarked
package dev.partita.it.cluster;

import org.jspecify.annotations.NullMarked;
