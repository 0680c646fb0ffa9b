// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

/**
 * How a model is trained: a named CDI bean, run once per rank, each on a thread of its own.
 *
 * <pre>{@code
 * @Named("lineFit")
 * @Dependent
 * public class LineFit implements TrainingLoop {
 *   public void train(TrainingContext context) {
 *     FloatBuffer weights = context.floats("weights", 2);
 *     for (long iteration : context.iterations(1_000)) {
 *       double x = iteration % 10;
 *       float error = (float) (weights.get(0) * x + weights.get(1) - (3 * x + 1));
 *       weights.put(0, weights.get(0) - 0.01f * error * (float) x);
 *       weights.put(1, weights.get(1) - 0.01f * error);
 *       context.report("loss", error * error);
 *     }
 *   }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TrainingLoop {
  /**
   * Trains until {@link TrainingContext#iterations} ends. What it throws fails the step; the other
   * ranks then stop too.
   */
  void train(TrainingContext context) throws Exception;

  /**
   * Whether its ranks may run on several pods. Memory ({@link TrainingContext#floats}, {@link
   * TrainingContext#shared}) is then one copy per pod, and the loop keeps the copies equal by what
   * it swaps in {@link TrainingContext#exchange}.
   */
  default boolean spansPods() {
    return false;
  }
}
