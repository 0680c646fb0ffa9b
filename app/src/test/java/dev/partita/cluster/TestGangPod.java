// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.config.ClusterConfig;
import dev.partita.config.TestConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod on loopback that can be in gangs, without a database behind it. */
public final class TestGangPod implements AutoCloseable {
  private final ClusterConfig config;
  private final ClusterSecret secret;
  private final GangStreams streams;
  private final Doorbells doorbells;

  /**
   * Listens from now on.
   *
   * @param keys of the cluster's configuration
   */
  public TestGangPod(Path directory, String secret, Map<String, String> keys) throws IOException {
    this.config = TestConfig.with(directory, keys).cluster();
    this.secret = new ClusterSecret(secret);
    this.streams = new GangStreams(this.secret);
    this.doorbells =
        new Doorbells(
            config, this.secret, streams, new SessionService(this.secret, () -> ""), bell -> {});
  }

  public String address() {
    return doorbells.address();
  }

  public GangPeers join(String gang, int pod, List<String> addresses, Duration patience) {
    return StreamedGang.join(
        new GangLink.Speaker(
            gang,
            pod,
            secret,
            Doorbells.channelCredentials(config),
            config.tls().map(ClusterConfig.Tls::name).orElse("")),
        addresses,
        patience,
        streams);
  }

  void alive(Set<String> addresses) {
    streams.alive(addresses);
  }

  @Override
  public void close() {
    doorbells.close();
  }
}
