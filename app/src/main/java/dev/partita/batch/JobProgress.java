// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives a batch artifact the means to tell how far it is. Inject it next to the StepContext. */
@ApplicationScoped
public class JobProgress {

  /** Of the step or partition that {@code context} belongs to; keep it for the whole run. */
  public StepProgress of(StepContext context) {
    throw new UnsupportedOperationException();
  }
}
