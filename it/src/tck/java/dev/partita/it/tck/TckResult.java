// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import java.util.List;

/**
 * What became of the TCK's tests.
 *
 * @param run all of them, those that were skipped included
 * @param failed an assertion did not hold
 * @param errors anything else was thrown
 * @param skipped the TCK itself disables them
 * @param problems one line for each that failed or had an error: the test and why
 */
public record TckResult(int run, int failed, int errors, int skipped, List<String> problems) {
  /** What the TCK 2.1.1 has when all is well. */
  public static final TckResult PASSED = new TckResult(183, 0, 0, 8, List.of());

  public TckResult {
    problems = List.copyOf(problems);
  }

  /** The line that is printed for a way to run the TCK. */
  public String line(String way) {
    return way + " " + run + ", " + failed + ", " + errors + ", " + skipped;
  }

  /** As text that {@link #parse} reads: the four numbers, then the problems, a line each. */
  public String text() {
    return run + " " + failed + " " + errors + " " + skipped + "\n" + String.join("\n", problems);
  }

  static TckResult parse(String text) {
    List<String> lines = text.strip().lines().toList();
    String[] numbers = lines.get(0).split(" ");
    return new TckResult(
        Integer.parseInt(numbers[0]),
        Integer.parseInt(numbers[1]),
        Integer.parseInt(numbers[2]),
        Integer.parseInt(numbers[3]),
        lines.subList(1, lines.size()));
  }
}
