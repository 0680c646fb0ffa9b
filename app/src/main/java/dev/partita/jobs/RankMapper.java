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
 * One partition per rank of a training, numbered by {@code partitionPlan['rank']}. A restart plans
 * anew, perhaps with another number of ranks: the state of a training is in its checkpoints, not in
 * its partitions.
 */
@Named
@Dependent
public class RankMapper implements PartitionMapper {
  @Inject
  @BatchProperty(name = "ranks")
  private String ranks;

  @Override
  public PartitionPlan mapPartitions() {
    int count = Numbers.of("ranks", ranks, 1, 64);
    PartitionPlanImpl plan = new PartitionPlanImpl();
    plan.setPartitions(count);
    plan.setThreads(count);
    plan.setPartitionsOverride(true);
    plan.setPartitionProperties(
        IntStream.range(0, count).mapToObj(rank -> rank(rank, count)).toArray(Properties[]::new));
    return plan;
  }

  private static Properties rank(int rank, int ranks) {
    Properties properties = new Properties();
    properties.setProperty("rank", Integer.toString(rank));
    properties.setProperty("ranks", Integer.toString(ranks));
    return properties;
  }
}
