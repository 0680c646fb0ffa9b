// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package org.example.line;

import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Properties;

/** One partition per rank, each told its number. */
@Named
@Dependent
public class LineRanks implements PartitionMapper {
  @Inject private JobContext job;

  @Override
  public PartitionPlan mapPartitions() {
    Properties[] ranks = new Properties[Integer.parseInt(job.getProperties().getProperty("ranks"))];
    for (int rank = 0; rank < ranks.length; rank++) {
      ranks[rank] = new Properties();
      ranks[rank].setProperty("rank", Integer.toString(rank));
    }
    PartitionPlanImpl plan = new PartitionPlanImpl();
    plan.setPartitions(ranks.length);
    plan.setThreads(ranks.length);
    plan.setPartitionProperties(ranks);
    return plan;
  }
}
