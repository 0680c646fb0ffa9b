// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the demo found.
 *
 * @param accuracy on the held-out tenth, 0 to 1
 * @param macroF1 on the held-out tenth, 0 to 1
 * @param trainedTexts texts of the training side
 * @param classifiedTexts distinct texts with a prediction
 * @param lost texts without a prediction
 * @param kills how often the server was killed and came back
 * @param redoneIterations iterations of training that ran again after the kill
 * @param peakMegabytes PSS of the server, MiB
 * @param total from the command to the end
 */
record DemoReport(
    double accuracy,
    double macroF1,
    long trainedTexts,
    long classifiedTexts,
    long duplicates,
    long lost,
    int kills,
    boolean weightsEqualUnkilled,
    long redoneIterations,
    Duration start,
    long peakMegabytes,
    Duration p50,
    Duration p99,
    Duration total) {
  private static final double ACCURACY = 0.745;
  private static final double MACRO_F1 = 0.58;
  private static final long TEXTS = 117_791;

  /** What is not as it must be; empty when all is well. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    check(faults, accuracy >= ACCURACY, "accuracy " + accuracy + " is below " + ACCURACY);
    check(faults, macroF1 >= MACRO_F1, "macro-F1 " + macroF1 + " is below " + MACRO_F1);
    check(faults, trainedTexts > TEXTS / 2, "only " + trainedTexts + " texts were trained on");
    check(faults, classifiedTexts == TEXTS, classifiedTexts + " texts classified, not " + TEXTS);
    check(faults, duplicates == 0, duplicates + " texts were classified more than once");
    check(faults, lost == 0, lost + " texts were lost");
    check(faults, kills == 2, kills + " kills instead of 2");
    check(
        faults,
        weightsEqualUnkilled,
        "the weights of the killed training differ from those of the unkilled one");
    return faults;
  }

  /** The demo's last line. */
  String lastLine() {
    return String.format(
        Locale.ROOT,
        "PARTITA DEMO OK accuracy=%.4f macro_f1=%.4f trained_texts=%d classified_texts=%d"
            + " duplicates=%d lost=%d kills=%d weights_equal_unkilled=%b redone_iterations=%d"
            + " start_s=%.1f memory_mb=%d p50_ms=%.1f p99_ms=%.1f seconds=%d",
        accuracy,
        macroF1,
        trainedTexts,
        classifiedTexts,
        duplicates,
        lost,
        kills,
        weightsEqualUnkilled,
        redoneIterations,
        start.toMillis() / 1e3,
        peakMegabytes,
        p50.toNanos() / 1e6,
        p99.toNanos() / 1e6,
        total.toSeconds());
  }

  private static void check(List<String> faults, boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }
}
