// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.List;

/**
 * What the scheduler decided in one go.
 *
 * @param assignments what to start; a gang's placements are one assignment, to be committed in one
 *     transaction
 * @param aborts running placements to stop, because their gang cannot go on; report their end
 * @param refusals bundles that will not be tried again
 */
public record Round(List<Assignment> assignments, List<Placement> aborts, List<Refusal> refusals) {

  /** Placements that hold together: commit all of them or none. */
  public record Assignment(List<Placement> placements) {
    public Assignment {
      placements = List.copyOf(placements);
    }
  }

  /**
   * A bundle that has ended because it cannot run.
   *
   * @param infeasible no node could ever run it; else its attempts are used up
   * @param reason one sentence for a person
   */
  public record Refusal(BundleId bundle, boolean infeasible, String reason) {}
}
