// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.List;

/**
 * A bundle on a node.
 *
 * @param attempt the fencing token: higher than that of the attempt before, and the same for all
 *     members of a gang. Commit it where the row waits and has a lower one
 * @param incarnation of the node: it means nothing to a later one
 * @param gpus the devices, or the part of one, that it may use
 */
public record Placement(
    BundleId bundle, long attempt, NodeId node, long incarnation, List<GpuShare> gpus) {
  public Placement {
    gpus = List.copyOf(gpus);
  }
}
