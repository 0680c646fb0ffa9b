// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.LinkedHashMap;
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

  /** The label of a node that names its pool. */
  public static final String POOL = "pool";

  /** Of a node with these labels, whose pool is one of them. */
  public static NodeTraits of(Map<String, String> labels, String applicationHash) {
    return new NodeTraits(labels.getOrDefault(POOL, ""), labels, applicationHash);
  }

  /** Reads {@code name=value} with commas between. */
  public static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : text.split(",", -1)) {
      int equals = label.indexOf('=');
      if (equals > 0) {
        labels.put(label.substring(0, equals), label.substring(equals + 1));
      }
    }
    return labels;
  }
}
