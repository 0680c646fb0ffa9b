// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Nodes for all bundles of a group at once, by what its caller knows of them. */
public final class GroupPlan {
  private GroupPlan() {}

  /**
   * What is known of a node.
   *
   * @param free at most what it has
   */
  public record Room(NodeState node, Resources free) {}

  /**
   * A node for each bundle, in their order; empty if there is no room for all now.
   *
   * @throws PartitaException PLACEMENT_INFEASIBLE if there never is
   */
  public static Optional<List<NodeId>> place(PlacementGroup group, List<Room> rooms) {
    List<Resources> bundles = group.bundles().stream().map(Bundle::resources).toList();
    Shape shape = new Shape(bundles, group.strategy(), bundles.size(), Where.ANYWHERE, "", false);
    List<NodeLedger> empty = rooms.stream().map(room -> new NodeLedger(room.node())).toList();
    Optional<String> problem = Feasibility.problem(shape, empty);
    if (problem.isPresent()) {
      throw new PartitaException(ErrorCode.PLACEMENT_INFEASIBLE, problem.get());
    }
    List<NodeLedger> ledgers = new ArrayList<>();
    for (Room room : rooms) {
      if (!room.node().draining()) {
        ledgers.add(ledger(room));
      }
    }
    List<NodeLedger> found = new BundlePacking(bundles, ledgers, "").find(group.strategy());
    return found == null
        ? Optional.empty()
        : Optional.of(found.stream().map(node -> node.node().id()).toList());
  }

  /** What is taken of its GPUs counts from the first on: which ones they are only it knows. */
  private static NodeLedger ledger(Room room) {
    NodeLedger ledger = new NodeLedger(room.node());
    Resources taken = room.node().total().minus(room.free());
    List<GpuShare> gpus = new ArrayList<>();
    long left = taken.gpuMilli();
    for (int device = 0; left > 0; device++) {
      long milli = Math.min(Resources.MILLI, left);
      gpus.add(new GpuShare(device, milli));
      left -= milli;
    }
    ledger.takeAgain(taken, gpus);
    return ledger;
  }
}
