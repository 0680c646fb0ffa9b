// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import org.jberet.runtime.context.StepContextImpl;
import org.jberet.runtime.runner.StepExecutionRunner;
import org.jberet.spi.PartitionHandler;
import org.jberet.spi.PartitionHandlerFactory;

/**
 * JBeret finds it by ServiceLoader, once per partitioned step: on a pod that is alone they run
 * there, else they are posted for all pods.
 */
public final class PodPartitionHandlerFactory implements PartitionHandlerFactory {
  @Override
  public PartitionHandler createPartitionHandler(
      StepContextImpl stepContext, StepExecutionRunner stepRunner) {
    LibertyBatchEnvironment environment =
        (LibertyBatchEnvironment) stepContext.getJobContext().getBatchEnvironment();
    PartitionPlacement pod = environment.partitions();
    PostingPlace posting = pod.posting().get();
    return posting == null
        ? new PodPartitionHandler(pod, stepContext)
        : new PostingPartitionHandler(posting, stepContext);
  }
}
