// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job to be run. Exactly one of {@code jobXmlName} and {@code jsl} is given.
 *
 * @param jobXmlName a packaged job, with or without {@code .xml}
 * @param jsl the job XML itself; hostile until {@link JslValidator} has seen it
 * @param parameters job parameters
 */
public record JobSubmission(
    String applicationName,
    @Nullable String jobXmlName,
    @Nullable String jsl,
    Map<String, String> parameters,
    String submitter) {

  public JobSubmission {
    parameters = Map.copyOf(parameters);
  }
}
