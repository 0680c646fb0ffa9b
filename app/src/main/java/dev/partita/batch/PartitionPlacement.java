// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.SchedulingConfig;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What partitions need to run on this pod.
 *
 * @param scheduler of a pod that is alone
 * @param cluster whose holder is named in leases
 * @param posting where partitions are posted for all pods; empty where this pod is alone
 */
record PartitionPlacement(
    PodScheduler scheduler,
    Executor threads,
    Database database,
    LeaseRepository leases,
    LeaseKeeper keeper,
    StateEvents events,
    Cluster cluster,
    SchedulingConfig config,
    AtomicReference<@Nullable PostingPlace> posting) {

  void post(PostingPlace place) {
    posting.set(place);
  }
}
