// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The pods that share one database: who is a member, and doorbells between them. No pod is the
 * head; everything that decides stands in the database.
 */
@NullMarked
package dev.partita.cluster;

import org.jspecify.annotations.NullMarked;
