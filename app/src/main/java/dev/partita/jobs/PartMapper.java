// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * Cuts a step into equal parts, numbered by {@code partitionPlan['part']} of {@code
 * partitionPlan['parts']}. A restart runs only the parts that are not complete.
 */
@Named
@Dependent
public class PartMapper implements PartitionMapper {
  @Inject
  @BatchProperty(name = "parts")
  private String parts;

  @Override
  public PartitionPlan mapPartitions() {
    int count = Numbers.of("parts", parts, 1, 1_000);
    PartitionPlanImpl plan = new PartitionPlanImpl();
    plan.setPartitions(count);
    plan.setPartitionProperties(
        IntStream.range(0, count).mapToObj(part -> part(part, count)).toArray(Properties[]::new));
    return plan;
  }

  private static Properties part(int part, int parts) {
    Properties properties = new Properties();
    properties.setProperty("part", Integer.toString(part));
    properties.setProperty("parts", Integer.toString(parts));
    return properties;
  }
}
