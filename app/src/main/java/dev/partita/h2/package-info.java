// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded database, made safe against {@code kill -9}: its data source, in a jar of its own
 * beside H2's driver. It knows no other room, and no other room knows it.
 *
 * <p>H2 2.4 stores a commit as one snapshot of many trees, but visits these trees one after the
 * other. What another transaction changes meanwhile can be in the snapshot for one tree (an index,
 * a table, the undo log) and not for the next, and a process killed before the following snapshot
 * leaves half a transaction behind: a row its index does not know, an output without its position.
 * So here one transaction writes at a time. Queries wait for nobody.
 */
@NullMarked
package dev.partita.h2;

import org.jspecify.annotations.NullMarked;
