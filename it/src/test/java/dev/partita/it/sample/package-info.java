// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** The sample of user code, built and run as a user would. */
@NullMarked
package dev.partita.it.sample;

import org.jspecify.annotations.NullMarked;
