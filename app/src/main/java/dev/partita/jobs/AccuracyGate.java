// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.train.ConfusionMatrix;
import dev.partita.train.EvaluationRepository;
import dev.partita.train.Parameters;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.Decider;
import jakarta.batch.runtime.StepExecution;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Locale;
import java.util.Map;

/**
 * Decides {@code ACCURATE} or {@code ACCURACY_TOO_LOW: 0.71 < 0.745}. It asks the database, not the
 * step before it: after a restart at the decision there is none.
 */
@Named
@Dependent
public class AccuracyGate implements Decider {
  @Inject
  @BatchProperty(name = "minimumAccuracy")
  private String minimumAccuracy;

  @Inject private JobContext job;
  @Inject private EvaluationRepository evaluations;

  @Override
  public String decide(StepExecution[] executions) {
    double minimum =
        new Parameters(Map.of("minimumAccuracy", minimumAccuracy)).number("minimumAccuracy", 0, 1);
    double accuracy =
        evaluations
            .find(job.getInstanceId())
            .map(ConfusionMatrix::accuracy)
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.NOT_FOUND,
                        "instance " + job.getInstanceId() + " has no complete evaluation"));
    return accuracy >= minimum
        ? "ACCURATE"
        : String.format(Locale.ROOT, "ACCURACY_TOO_LOW: %.4f < %s", accuracy, minimumAccuracy);
  }
}
