// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.concurrent.Executor;

/**
 * What partitions need to run on this pod.
 *
 * @param holder names this incarnation of the pod in leases
 */
record PartitionPlacement(
    PartitionSlots slots,
    Executor threads,
    Database database,
    LeaseRepository leases,
    LeaseKeeper keeper,
    StateEvents events,
    String holder) {}
