// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** Tests that run inside the real server, placed there by Arquillian. */
@NullMarked
package dev.partita.it.container;

import org.jspecify.annotations.NullMarked;
