// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

/**
 * Whether every text was classified exactly once.
 *
 * @param total rows written
 * @param distinct texts among them
 * @param duplicates rows beyond the first of a text
 * @param expected texts of the dataset
 * @param lost texts without a row
 */
public record PredictionSummary(
    long total, long distinct, long duplicates, long expected, long lost) {

  static PredictionSummary of(long total, long distinct, long expected) {
    return new PredictionSummary(
        total, distinct, total - distinct, expected, Math.max(0, expected - distinct));
  }
}
