// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package org.example.line;

import dev.partita.train.TrainingContext;
import dev.partita.train.TrainingLoop;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;
import java.nio.FloatBuffer;

/** Finds y = 3x + 1 by gradient descent; every rank looks at points of its own. */
@Named("lineFit")
@Dependent
public class LineFit implements TrainingLoop {
  private static final float RATE = 0.1f;

  @Override
  public void train(TrainingContext context) {
    int rank = context.rank();
    FloatBuffer line = context.floats("line", 2);
    FloatBuffer gradients = context.floats("gradients", context.ranks(), 2);
    int total = context.parameters().integer("iterations", 1, 1_000_000);
    for (long iteration : context.iterations(total)) {
      float x = (iteration * context.ranks() + rank) % 10 / 10f;
      float error = line.get(0) * x + line.get(1) - (3 * x + 1);
      gradients.put(2 * rank, error * x);
      gradients.put(2 * rank + 1, error);
      context.barrier();
      if (rank == 0) {
        for (int i = 0; i < gradients.capacity(); i++) {
          line.put(i % 2, line.get(i % 2) - RATE * gradients.get(i));
        }
      }
      context.report("loss", error * error);
    }
  }
}
