// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.data.ClassifyRun;
import dev.partita.data.DatasetRepository;
import dev.partita.data.PredictionRepository;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.serve.ModelRepository;
import dev.partita.serve.ModelServer;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Properties;

/**
 * Cuts all texts into ranges of rows, one for each partition. A restart gets the ranges and the
 * model version of the first execution, whatever its parameters say.
 */
@Named
@Dependent
public class ClassifyMapper implements PartitionMapper {
  @Inject private JobContext job;
  @Inject private DatasetRepository datasets;
  @Inject private PredictionRepository predictions;
  @Inject private ModelRepository models;

  @Inject
  @BatchProperty(name = "model")
  private String model;

  @Inject
  @BatchProperty(name = "modelVersion")
  private String modelVersion;

  @Inject
  @BatchProperty(name = "partitions")
  private String partitions;

  @Override
  public PartitionPlan mapPartitions() {
    ClassifyRun run = predictions.run(job.getInstanceId()).orElseGet(this::begin);
    Properties[] ranges = new Properties[run.partitions()];
    for (int partition = 0; partition < ranges.length; partition++) {
      ranges[partition] = new Properties();
      ranges[partition].setProperty("from", Integer.toString(run.firstRow(partition)));
      ranges[partition].setProperty("to", Integer.toString(run.firstRow(partition + 1)));
    }
    PartitionPlanImpl plan = new PartitionPlanImpl();
    plan.setPartitions(ranges.length);
    plan.setPartitionProperties(ranges);
    return plan;
  }

  private ClassifyRun begin() {
    int version =
        modelVersion.equals("latest")
            ? ModelServer.LATEST
            : number("modelVersion", modelVersion, Integer.MAX_VALUE);
    ClassifyRun run =
        new ClassifyRun(
            job.getInstanceId(),
            model,
            models.require(model, version).version(),
            datasets.require(job.getInstanceId()).texts(),
            number("partitions", partitions, 1_024));
    predictions.begin(run);
    return run;
  }

  private static int number(String name, String text, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, text, max);
    }
    throw wrong(name, text, max);
  }

  private static PartitaException wrong(String name, String text, int max) {
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT,
        name + " is '" + text + "'; expected a whole number from 1 to " + max);
  }
}
