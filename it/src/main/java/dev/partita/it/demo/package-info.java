// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The demo: runs the main job on a real server, kills it twice in plain sight, checks that nothing
 * was lost, and says so in one line. Talks to the doors only, through {@code
 * dev.partita.it.server}.
 */
@NullMarked
package dev.partita.it.demo;

import org.jspecify.annotations.NullMarked;
