// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a job definition says to go on, collected while it is read. A misspelt target would be
 * noticed only when the job gets there, after hours of training perhaps.
 */
final class JslTransitions {
  private static final Set<String> PLACES = Set.of("step", "flow", "split", "decision");

  private record Target(int line, String attribute, String id) {}

  private final Set<String> ids = new TreeSet<>();
  private final List<Target> targets = new ArrayList<>();

  /** Takes one attribute of the definition into account. */
  void add(int line, String element, String attribute, String value) {
    boolean place = PLACES.contains(element);
    if (place && attribute.equals("id")) {
      ids.add(value);
    }
    boolean leads =
        switch (attribute) {
          case "next" -> place;
          case "to" -> element.equals("next");
          case "restart" -> element.equals("stop");
          default -> false;
        };
    if (leads) {
      targets.add(new Target(line, attribute, value));
    }
  }

  /**
   * Checks all of them; a value that is computed when the job runs passes.
   *
   * @throws dev.partita.error.PartitaException INVALID_JOB with the first line that leads nowhere
   */
  void check() {
    for (Target target : targets) {
      if (!ids.contains(target.id) && !target.id.contains("#{")) {
        throw JslValidator.refused(
            target.line,
            "%s=\"%s\" names no step, flow, split or decision of this job%s"
                .formatted(
                    target.attribute,
                    JslValidator.shown(target.id),
                    NearestName.hint(target.id, ids)));
      }
    }
  }
}
