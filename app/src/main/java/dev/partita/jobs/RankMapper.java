// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.GangAttempts;
import dev.partita.train.Parameters;
import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.batch.runtime.context.JobContext;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * As many partitions as the job's (or step's) property {@code ranks} says, numbered by {@code
 * partitionPlan['rank']}. A restart plans anew, perhaps with another number of ranks: the state of
 * a training is in its checkpoints, not in its partitions. Ranks that run on while only the pod
 * that owned the job is gone stay as they are.
 */
@Named
@Dependent
public class RankMapper implements PartitionMapper {
  @Inject private JobContext job;
  @Inject private StepContext step;
  @Inject private GangAttempts gangs;

  @Override
  public PartitionPlan mapPartitions() {
    int count = Parameters.of(job.getProperties(), step.getProperties()).integer("ranks", 1, 64);
    PartitionPlanImpl plan = new PartitionPlanImpl();
    plan.setPartitions(count);
    plan.setThreads(count);
    plan.setPartitionsOverride(!gangs.goesOn(job.getInstanceId(), step.getStepName()));
    plan.setPartitionProperties(
        IntStream.range(0, count).mapToObj(RankMapper::rank).toArray(Properties[]::new));
    return plan;
  }

  private static Properties rank(int rank) {
    Properties properties = new Properties();
    properties.setProperty("rank", Integer.toString(rank));
    return properties;
  }
}
