// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/** How the bundles of a group lie to each other. STRICT: rather wait than do otherwise. */
public enum PlacementStrategy {
  /** On few nodes, if there is room. */
  PACK,
  /** On many nodes, if there is room. */
  SPREAD,
  /** All that run at the same time on one node. */
  STRICT_PACK,
  /** No two that run at the same time on one node. */
  STRICT_SPREAD;

  boolean strict() {
    return this == STRICT_PACK || this == STRICT_SPREAD;
  }
}
