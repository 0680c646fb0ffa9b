// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.List;

/**
 * Bundles that belong together.
 *
 * @param gangMin 0: each bundle starts when there is room for it. Else the group is a gang: it
 *     starts all-or-nothing, and when the live nodes could not run all of it even if they were
 *     empty, its first {@code gangMin} or more bundles start instead, as many as fit
 */
public record PlacementGroup(List<Bundle> bundles, PlacementStrategy strategy, int gangMin) {
  public PlacementGroup {
    bundles = List.copyOf(bundles);
    if (bundles.isEmpty() || gangMin < 0 || gangMin > bundles.size()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "A placement group has at least one bundle and 0 <= gangMin <= bundles; got "
              + bundles.size()
              + " bundles, gangMin "
              + gangMin);
    }
  }

  /** All of them or none. */
  public static PlacementGroup gang(List<Bundle> bundles, PlacementStrategy strategy) {
    return new PlacementGroup(bundles, strategy, bundles.size());
  }

  /** One by one, as there is room. */
  public static PlacementGroup each(List<Bundle> bundles, PlacementStrategy strategy) {
    return new PlacementGroup(bundles, strategy, 0);
  }

  public boolean isGang() {
    return gangMin > 0;
  }
}
