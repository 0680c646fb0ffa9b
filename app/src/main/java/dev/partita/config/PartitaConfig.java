// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;

/**
 * All keys {@code partita.*}, typed and checked. Inject it; the reference is {@code
 * META-INF/microprofile-config.properties}.
 *
 * @param outputDirectory absolute; logs, the embedded database and everything relative live in it
 * @param storageUri absolute {@code file:} URI with a trailing slash; all blobs live under it
 * @param serverId names this process in executions; bounded, printable
 */
public record PartitaConfig(
    Path outputDirectory,
    URI storageUri,
    String serverId,
    JobsConfig jobs,
    DoorsConfig doors,
    ServeConfig serve,
    StoreConfig store,
    IsolationConfig isolation,
    ClusterConfig cluster,
    SchedulingConfig scheduling,
    TasksConfig tasks,
    String faultPause,
    Duration faultClockOffset) {

  private static final Duration MAX_OFFSET = Duration.ofDays(1);

  /**
   * Reads and checks every key.
   *
   * @throws dev.partita.error.PartitaException INVALID_CONFIG, naming every wrong key
   */
  public static PartitaConfig read(Config source) {
    ConfigReader keys = new ConfigReader(source);
    Path output = keys.directory("partita.output.dir");
    PartitaConfig config =
        new PartitaConfig(
            output,
            keys.fileUri("partita.storage.uri", output),
            keys.name("partita.server.id"),
            JobsConfig.read(keys),
            DoorsConfig.read(keys, output),
            ServeConfig.read(keys),
            StoreConfig.read(keys, output),
            IsolationConfig.read(keys),
            ClusterConfig.read(keys, output),
            SchedulingConfig.read(keys),
            TasksConfig.read(keys),
            keys.optional("partita.fault.pause", FaultPoint.SPEC),
            keys.duration("partita.fault.clock-offset", MAX_OFFSET.negated(), MAX_OFFSET));
    ServerVariables.check(keys, config.jobs(), config.doors());
    keys.throwIfWrong();
    return config;
  }
}
