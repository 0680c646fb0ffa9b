// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.serve.ModelCandidate;
import dev.partita.serve.ModelRegistry;
import dev.partita.serve.ModelRepository;
import dev.partita.serve.ModelServer;
import dev.partita.serve.ModelVersion;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Gives the model this job trained and measured a version; from then on it serves. */
@Named
@Dependent
public class RegisterBatchlet extends AbstractBatchlet {
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private ModelRepository models;
  @Inject private ModelRegistry registry;
  @Inject private ModelServer server;

  @Override
  public String process() {
    StepProgress progress = this.progress.of(step);
    long instanceId = progress.instanceId();
    ModelCandidate candidate =
        models
            .candidate(instanceId)
            .orElseThrow(
                () ->
                    new PartitaException(
                        ErrorCode.CONFLICT,
                        "instance " + instanceId + " has measured no model: nothing to register"));
    ModelVersion version = registry.register(candidate);
    server.forgetLatest(version.name());
    String line =
        "model=%s version=%d accuracy=%.4f macro_f1=%.4f"
            .formatted(version.name(), version.version(), version.accuracy(), version.macroF1());
    progress.log("registered " + line);
    return line;
  }
}
