// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.List;

/**
 * What decides whether something fits: work of equal shape fits or does not fit alike.
 *
 * @param bundles one, or all of a gang
 * @param owner the demand whose other bundles matter too; empty: none
 * @param suspect see {@link Work#suspect}
 */
record Shape(
    List<Resources> bundles,
    PlacementStrategy strategy,
    int gangMin,
    Where where,
    String owner,
    boolean suspect) {

  static Shape ofGang(Work work, List<Integer> members) {
    PlacementGroup group = work.demand().group();
    return new Shape(
        members.stream().map(work::resources).toList(),
        group.strategy(),
        Math.min(group.gangMin(), members.size()),
        work.demand().where(),
        "",
        false);
  }

  static Shape ofOne(Work work, int bundle) {
    boolean strict = work.demand().group().strategy().strict();
    return new Shape(
        List.of(work.resources(bundle)),
        strict ? work.demand().group().strategy() : PlacementStrategy.PACK,
        0,
        work.demand().where(),
        strict ? work.id() : "",
        work.suspect(bundle));
  }

  /** One bundle that belongs to nothing. */
  static Shape of(Resources asked, Where where) {
    return new Shape(List.of(asked), PlacementStrategy.PACK, 0, where, "", false);
  }

  boolean isGang() {
    return gangMin > 0;
  }
}
