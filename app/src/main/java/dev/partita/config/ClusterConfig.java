// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keys {@code partita.cluster.*} and {@code partita.drain.*}.
 *
 * @param mode whether other pods share the database
 * @param host where this pod listens to the others, and the name they find it by
 * @param port 0 takes a free one
 * @param labels of this pod, {@code name=value} with commas between
 * @param poll how long news may take that no doorbell told
 * @param tls keys of this pod; absent on loopback
 * @param gloo whether pods may connect by Gloo, which asks nobody who he is
 * @param drainTimeout how long a pod that ends waits for its work to be handed over
 */
public record ClusterConfig(
    Mode mode,
    String host,
    int port,
    String labels,
    Duration poll,
    Optional<Tls> tls,
    boolean gloo,
    Duration drainTimeout) {

  /** Whether other pods share the database. */
  public enum Mode {
    /** They do on PostgreSQL, not on H2. */
    AUTO,
    ON,
    OFF
  }

  /**
   * PEM files: this pod's certificate and key, and the authorities that its peers are signed by.
   *
   * @param name what a peer's certificate is for; empty if for the address it is found at
   */
  public record Tls(Path certificate, Path key, Path authorities, String name) {}

  private static final Pattern LABELS =
      Pattern.compile(
          "[A-Za-z0-9._/-]+=[A-Za-z0-9._/-]*(?:,[A-Za-z0-9._/-]+=[A-Za-z0-9._/-]*){0,15}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}");
  private static final Pattern FILE = Pattern.compile(".+");

  static ClusterConfig read(ConfigReader keys, Path output) {
    String certificate = keys.optional("partita.cluster.tls.certificate", FILE);
    String key = keys.optional("partita.cluster.tls.key", FILE);
    String authorities = keys.optional("partita.cluster.tls.authorities", FILE);
    boolean any = !(certificate + key + authorities).isEmpty();
    boolean all = !certificate.isEmpty() && !key.isEmpty() && !authorities.isEmpty();
    if (any && !all) {
      keys.problem(
          "partita.cluster.tls.certificate, partita.cluster.tls.key and"
              + " partita.cluster.tls.authorities belong together; set all or none");
    }
    String host = keys.text("partita.cluster.host");
    if (!all && !ServerVariables.loopback(host)) {
      keys.problem(
          "partita.cluster.host is '"
              + host
              + "', where pods talk by mutual TLS only; set partita.cluster.tls.certificate,"
              + " partita.cluster.tls.key and partita.cluster.tls.authorities");
    }
    return new ClusterConfig(
        keys.choice("partita.cluster", Mode.class),
        host,
        keys.integer("partita.cluster.port", 0, 65_535),
        keys.optional("partita.cluster.labels", LABELS),
        keys.duration("partita.cluster.poll", Duration.ofMillis(10), Duration.ofSeconds(30)),
        all
            ? Optional.of(
                new Tls(
                    output.resolve(certificate),
                    output.resolve(key),
                    output.resolve(authorities),
                    keys.optional("partita.cluster.tls.name", NAME)))
            : Optional.empty(),
        keys.flag("partita.cluster.gloo"),
        keys.duration("partita.drain.timeout", Duration.ZERO, Duration.ofMinutes(10)));
  }
}
