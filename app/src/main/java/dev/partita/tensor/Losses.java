// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import org.bytedeco.javacpp.LongPointer;

/** Losses with their gradients, in one pass over memory. */
public final class Losses {
  private Losses() {}

  /**
   * Softmax cross-entropy of each row and its gradient {@code scale * (softmax - one_hot(label))}.
   *
   * @param logits [labels.length, classes], any type but int8
   * @param labels 0 to classes - 1, or -1 for a row that does not count
   * @param losses float32 [labels.length]
   * @param gradient like the logits; may be the same array
   */
  public static void softmaxCrossEntropy(
      KernelThreads threads,
      NativeArray logits,
      long[] labels,
      float scale,
      NativeArray losses,
      NativeArray gradient) {
    int rows = labels.length;
    long classes = rows == 0 ? 1 : logits.count() / rows;
    logits.require(logits.type(), rows * classes);
    gradient.require(logits.type(), logits.count());
    losses.require(DataType.FLOAT32, rows);
    try (LongPointer nativeLabels = new LongPointer(labels)) {
      CoreStatus.check(
          PartitaCore.ptc_softmax_cross_entropy(
              threads.pool(),
              logits.type().code(),
              logits.pointer(),
              nativeLabels,
              rows,
              classes,
              scale,
              losses.floats(),
              gradient.pointer()));
    }
  }
}
