// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.List;
import java.util.Optional;

/**
 * What a node gives out of itself, to work that does not ask the leader. Not thread-safe.
 *
 * <p>Never more than there is, with one exception: work that gave its share back while it waited
 * for something takes it again at once ({@link #takeAgain}); until others end, less than nothing is
 * free.
 */
public final class ResourceLedger {
  private final NodeLedger node;

  /** Nothing is taken. */
  public ResourceLedger(NodeState node) {
    this.node = new NodeLedger(node);
  }

  /** Takes it, and says which GPUs; empty if there is no room now. */
  public Optional<List<GpuShare>> take(Resources asked) {
    return node.fits(asked, "") ? Optional.of(node.take(asked)) : Optional.empty();
  }

  /** Takes it on these GPUs, whether there is room or not. */
  public void takeAgain(Resources asked, List<GpuShare> gpus) {
    node.takeAgain(asked, gpus);
  }

  public void giveBack(Resources asked, List<GpuShare> gpus) {
    node.giveBack(asked, gpus);
  }

  /** What is free; 0 where less than nothing is. */
  public Resources free() {
    return node.free();
  }

  /** One sentence if this node could never give that, else empty. */
  public static Optional<String> problem(Resources asked, List<NodeState> nodes, Where where) {
    return Feasibility.problem(
        Shape.of(asked, where), nodes.stream().map(NodeLedger::new).toList());
  }
}
