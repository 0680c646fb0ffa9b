// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

/**
 * The answers for the texts of one request, in their order.
 *
 * @param model the version that answered, also when the latest was asked for
 * @param probabilities {@code [texts, classes]}, row-major; each row adds up to 1. Not copied: the
 *     receiver owns it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Inference(ModelVersion model, float[] probabilities) {

  /** Texts answered. */
  public int count() {
    return probabilities.length / model.classNames().size();
  }

  /** The likeliest class of one text; the lowest label wins a tie. */
  public Classification best(int text) {
    int classes = model.classNames().size();
    int best = 0;
    for (int label = 1; label < classes; label++) {
      if (probabilities[text * classes + label] > probabilities[text * classes + best]) {
        best = label;
      }
    }
    return new Classification(
        best, model.classNames().get(best), probabilities[text * classes + best]);
  }
}
