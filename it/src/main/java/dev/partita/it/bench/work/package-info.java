// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** What benchmarks have the server run: a user's own beans, packed into a jar of the WAR. */
@NullMarked
package dev.partita.it.bench.work;

import org.jspecify.annotations.NullMarked;
