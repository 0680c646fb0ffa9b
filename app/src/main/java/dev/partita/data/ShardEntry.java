// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

/**
 * One Arrow file of a dataset, as its manifest vouches for it.
 *
 * @param file name relative to the dataset's URI
 * @param heldOut whether its texts are kept from training
 * @param texts rows in the file
 * @param bytes size of the file
 * @param sha256 of the file, lower-case hex
 */
public record ShardEntry(String file, boolean heldOut, int texts, long bytes, String sha256) {}
