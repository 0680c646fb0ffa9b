// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.StepProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a step asks of the leader.
 *
 * @param partitions how many it has, posted or not
 * @param properties the step's {@code partita.*}, {@code name=value} on a line each
 */
record StepDemand(
    long stepExecutionId,
    long instanceId,
    long executionId,
    String stepName,
    int partitions,
    String properties) {

  /**
   * The lines of a step's properties.
   *
   * @throws dev.partita.error.PartitaException INVALID_JOB as {@link StepProperties#parse}
   */
  static String lines(Properties properties) {
    Map<String, String> ours = new TreeMap<>();
    properties.stringPropertyNames().stream()
        .filter(name -> name.startsWith("partita."))
        .forEach(name -> ours.put(name, properties.getProperty(name).strip()));
    StepProperties.parse(ours);
    return ours.entrySet().stream()
        .map(property -> property.getKey() + "=" + property.getValue())
        .collect(Collectors.joining("\n"));
  }

  static StepProperties parse(String lines) {
    Map<String, String> properties = new LinkedHashMap<>();
    lines
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              properties.put(line.substring(0, equals), line.substring(equals + 1));
            });
    return StepProperties.parse(properties);
  }

  StepProperties asks() {
    return parse(properties);
  }
}
