// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Immutable objects in shared memory: the Java face of the core's object store. The processes of
 * one user that open the same folder share one arena; an object that one of them seals is read by
 * the others where it lies, without a copy. Whoever opens something here closes it; addresses are
 * valid until then and no longer.
 */
@NullMarked
package dev.partita.objectstore;

import org.jspecify.annotations.NullMarked;
