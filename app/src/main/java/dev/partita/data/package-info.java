// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Texts in columns: sources are read once, split, and written as Arrow shards under a manifest;
 * training and classifying then take the texts from mapped memory by address. Predictions are kept
 * here too.
 */
@NullMarked
package dev.partita.data;

import org.jspecify.annotations.NullMarked;
