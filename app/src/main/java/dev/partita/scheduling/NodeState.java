// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;

/**
 * What a node announces of itself. Its GPUs are the devices 0 … {@link #gpus()}-1.
 *
 * @param incarnation grows with every start of the node and every time it was taken for dead
 * @param total what it has; whole GPUs
 * @param draining it finishes what it runs and takes nothing new
 */
public record NodeState(
    NodeId id, long incarnation, NodeTraits traits, Resources total, boolean draining) {
  public NodeState {
    if (total.gpuMilli() % Resources.MILLI != 0) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "Node " + id + " announces " + total + "; a node has whole GPUs");
    }
  }

  public int gpus() {
    return Math.toIntExact(total.gpuMilli() / Resources.MILLI);
  }

  public NodeState drained() {
    return new NodeState(id, incarnation, traits, total, true);
  }
}
