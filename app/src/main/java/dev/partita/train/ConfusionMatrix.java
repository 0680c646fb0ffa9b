// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How often each class was taken for which. Never changes. */
public final class ConfusionMatrix {
  private final int classes;

  /** [actual, predicted], row-major. */
  private final long[] counts;

  /**
   * @param counts [actual, predicted], row-major; copied
   */
  public ConfusionMatrix(int classes, long[] counts) {
    if (counts.length != classes * classes) {
      throw new IllegalArgumentException(counts.length + " counts for " + classes + " classes");
    }
    this.classes = classes;
    this.counts = counts.clone();
  }

  public static ConfusionMatrix empty(int classes) {
    return new ConfusionMatrix(classes, new long[classes * classes]);
  }

  public int classes() {
    return classes;
  }

  public ConfusionMatrix plus(ConfusionMatrix other) {
    long[] sum = counts.clone();
    Arrays.setAll(sum, i -> counts[i] + other.counts[i]);
    return new ConfusionMatrix(classes, sum);
  }

  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** Share of texts on the diagonal, 0 to 1; 0 of an empty matrix. */
  public double accuracy() {
    long right = 0;
    for (int i = 0; i < classes; i++) {
      right += at(i, i);
    }
    return (double) right / (double) Math.max(1, total());
  }

  /** Mean F1 of the classes that occur or were predicted (scikit-learn's macro average). */
  public double macroF1() {
    double sum = 0;
    int present = 0;
    for (int i = 0; i < classes; i++) {
      long actual = 0;
      long predicted = 0;
      for (int j = 0; j < classes; j++) {
        actual += at(i, j);
        predicted += at(j, i);
      }
      if (actual + predicted > 0) {
        sum += 2.0 * (double) at(i, i) / (double) (actual + predicted);
        present++;
      }
    }
    return sum / Math.max(1, present);
  }

  private long at(int actual, int predicted) {
    return counts[actual * classes + predicted];
  }

  /** Numbers separated by blanks, row-major. */
  String toText() {
    return Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(" "));
  }

  static ConfusionMatrix parse(int classes, String text) {
    return new ConfusionMatrix(
        classes, Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix matrix
        && classes == matrix.classes
        && Arrays.equals(counts, matrix.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return total() + " texts of " + classes + " classes, accuracy " + accuracy();
  }
}
