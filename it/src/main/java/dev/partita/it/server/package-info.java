// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Starts, kills and talks to a real Open Liberty with Partita in it, from outside: the demo, the
 * black-box tests and the benchmarks stand on it. Uses no class of the application.
 */
@NullMarked
package dev.partita.it.server;

import org.jspecify.annotations.NullMarked;
