// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The jobs API: IBM's batch REST contract at {@code /ibm/api/batch}, as Liberty's Admin Center and
 * the {@code batchManager} command speak it. Shapes, words and status codes are theirs.
 */
@NullMarked
package dev.partita.rest.batch;

import org.jspecify.annotations.NullMarked;
