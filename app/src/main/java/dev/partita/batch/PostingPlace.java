// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.function.Consumer;

/**
 * Where the steps of this pod post partitions for all pods and find the results.
 *
 * @param bells wakes this pod's own loops
 */
record PostingPlace(
    Cluster cluster,
    Database database,
    FencedJobRepository repository,
    WorkRepository work,
    LeaseRepository leases,
    PartitionRepository partitions,
    ResultWatch results,
    Consumer<Cluster.Bell> bells) {

  /** How values become bytes and come back through the allow-list. */
  static final PlainSerializableData VALUES = new PlainSerializableData();

  /** Rings here and at the other pods. */
  void changed(Cluster.Bell bell) {
    bells.accept(bell);
    cluster.ring(bell);
  }

  /** Whether this pod still decides about the execution, or goes or has lost it. */
  boolean owned(long executionId) {
    return !repository.leaving()
        && JobRecordRepository.owns(database, executionId, cluster.holder());
  }
}
