// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** A user's own batchlet, mapper and training loop. */
package org.example.line;
