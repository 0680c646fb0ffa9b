// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keys {@code partita.node.*} and {@code partita.tenants.*}: what this pod offers, and how the pods
 * are divided.
 *
 * @param cpus processors that partitions may ask for; 0: those the machine or container has
 * @param waitingPermits partitions with {@code cpu=0} that this pod holds at once
 * @param tenantWeights of those tenants whose weight is not 1
 */
public record SchedulingConfig(int cpus, int waitingPermits, Map<String, Double> tenantWeights) {
  private static final Pattern WEIGHTS =
      Pattern.compile(
          "[^=,\\s]{1,128}=[0-9]{1,6}(?:\\.[0-9]{1,3})?"
              + "(?:,[^=,\\s]{1,128}=[0-9]{1,6}(?:\\.[0-9]{1,3})?){0,999}");

  public SchedulingConfig {
    tenantWeights = Map.copyOf(tenantWeights);
  }

  static SchedulingConfig read(ConfigReader keys) {
    return new SchedulingConfig(
        keys.integer("partita.node.cpus", 0, 65_536),
        keys.integer("partita.node.waiting-permits", 1, 1_000_000),
        weights(keys));
  }

  private static Map<String, Double> weights(ConfigReader keys) {
    Map<String, Double> weights = new TreeMap<>();
    String text = keys.optional("partita.tenants.weights", WEIGHTS);
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = part.indexOf('=');
      double weight = Double.parseDouble(part.substring(equals + 1));
      if (weight <= 0) {
        keys.problem("partita.tenants.weights has '" + part + "'; a weight is above 0");
      }
      weights.put(part.substring(0, equals), weight);
    }
    return weights;
  }

  /** 1 for whoever is not named. */
  public double weightOf(String tenant) {
    return tenantWeights.getOrDefault(tenant, 1.0);
  }
}
