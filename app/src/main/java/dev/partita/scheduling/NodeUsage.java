// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.List;

/**
 * A node and what is left of it, at one moment.
 *
 * @param gpuFreeMilli what is free of each GPU device, in thousandths
 * @param running bundles placed there that have not ended
 */
public record NodeUsage(NodeState node, Resources free, List<Long> gpuFreeMilli, int running) {
  public NodeUsage {
    gpuFreeMilli = List.copyOf(gpuFreeMilli);
  }
}
