// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.Map;

/**
 * What sort of node it is.
 *
 * @param pool the pool it belongs to, such as {@code cpu} or {@code spot}
 * @param applicationHash content hash of the application it runs
 */
public record NodeTraits(String pool, Map<String, String> labels, String applicationHash) {
  public NodeTraits {
    labels = Map.copyOf(labels);
  }
}
