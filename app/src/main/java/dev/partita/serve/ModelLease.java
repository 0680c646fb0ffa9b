// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import java.util.ArrayList;
import java.util.List;

/** Keeps a text model in memory for a job that brings its own batches. Any number of threads. */
public final class ModelLease implements AutoCloseable {
  private final LoadedModel model;

  ModelLease(LoadedModel model) {
    this.model = model;
  }

  public ModelVersion version() {
    return model.version();
  }

  /** Classifies UTF-8 texts that lie in native memory, in one batch, on the calling thread. */
  public List<Classification> classify(long[] textAddresses, int[] textBytes) {
    Inference inference = model.compute(textAddresses, textBytes);
    List<Classification> answers = new ArrayList<>(textAddresses.length);
    for (int text = 0; text < textAddresses.length; text++) {
      answers.add(inference.best(text));
    }
    return answers;
  }

  @Override
  public void close() {
    model.release();
  }
}
