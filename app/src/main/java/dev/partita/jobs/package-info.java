// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The artifacts that a job XML names: batchlets, mappers, readers, writers, deciders. Each is a
 * door: it reads its properties, calls a feature, and says how far it is; no logic of its own.
 */
@NullMarked
package dev.partita.jobs;

import org.jspecify.annotations.NullMarked;
