// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.List;
import java.util.Map;

/**
 * Which nodes may run something.
 *
 * @param pools in the order of preference, {@code spot,cpu}: the first with room is taken; empty:
 *     any
 * @param labels what the node must have
 * @param applicationHash what the node must run; empty: anything
 */
public record Where(List<String> pools, Map<String, String> labels, String applicationHash) {
  public static final Where ANYWHERE = new Where(List.of(), Map.of(), "");

  public Where {
    pools = List.copyOf(pools);
    labels = Map.copyOf(labels);
  }

  /** Whether such a node may run it at all, drained or not. */
  public boolean allows(NodeTraits traits) {
    return (pools.isEmpty() || pools.contains(traits.pool()))
        && (applicationHash.isEmpty() || applicationHash.equals(traits.applicationHash()))
        && traits.labels().entrySet().containsAll(labels.entrySet());
  }
}
