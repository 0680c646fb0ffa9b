// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keys {@code partita.http.*}, {@code partita.security.*}, {@code partita.inference.*}.
 *
 * @param hosts names in the Host header that are answered, lower case, without port
 * @param maxBodyBytes of a request, except inference
 * @param maxEventClients event streams open at once
 * @param credentialsFile absolute; users and passwords
 * @param session how long a session cookie lasts
 * @param signInLink how long a one-time sign-in token lasts
 * @param maxInferenceBodyBytes of an inference request
 * @param maxTextBytes of one text to classify, UTF-8
 * @param anonymousInference whether a caller without sign-in may ask a model; changes nothing else
 */
public record DoorsConfig(
    Set<String> hosts,
    int maxBodyBytes,
    int maxEventClients,
    Path credentialsFile,
    Duration session,
    Duration signInLink,
    int maxInferenceBodyBytes,
    int maxTextBytes,
    boolean anonymousInference) {

  static DoorsConfig read(ConfigReader keys, Path outputDirectory) {
    return new DoorsConfig(
        hosts(keys),
        keys.integer("partita.http.max-body-bytes", 1_024, 64 << 20),
        keys.integer("partita.http.max-event-clients", 1, 10_000),
        outputDirectory.resolve(keys.text("partita.security.credentials-file")).normalize(),
        keys.duration("partita.security.session", Duration.ofMinutes(1), Duration.ofDays(30)),
        keys.duration("partita.security.sign-in-link", Duration.ofSeconds(10), Duration.ofDays(1)),
        keys.integer("partita.inference.max-body-bytes", 1_024, 1 << 30),
        keys.integer("partita.inference.max-text-bytes", 1, 16 << 20),
        keys.flag("partita.inference.anonymous"));
  }

  /** The host that profiles/tls.xml publishes, if it is used, is answered without being listed. */
  private static Set<String> hosts(ConfigReader keys) {
    String published =
        keys.isSet("partita.public.host") ? "," + keys.text("partita.public.host") : "";
    return Arrays.stream((keys.text("partita.http.hosts") + published).split(","))
        .map(host -> host.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
