// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** kill -9 at the worst instants: nothing acknowledged is lost, nothing is done twice. */
@NullMarked
package dev.partita.it.kills;

import org.jspecify.annotations.NullMarked;
