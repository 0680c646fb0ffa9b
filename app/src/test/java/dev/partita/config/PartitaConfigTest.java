// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitaConfigTest {
  @Test
  void theDefaultsAreRight() {
    PartitaConfig config = PartitaConfig.read(new MapConfig(TestConfig.defaults()));
    assertThat(config.outputDirectory()).isEqualTo(Path.of("").toAbsolutePath());
    assertThat(config.storageUri())
        .isEqualTo(Path.of("storage").toAbsolutePath().toUri().resolve("storage/"));
    assertThat(config.serverId()).isEqualTo("partita");
    assertThat(config.jobs().maxActive()).isEqualTo(64);
    assertThat(config.jobs().partitionPermits()).isEqualTo(8);
    assertThat(config.jobs().recovery()).isEqualTo(JobsConfig.Recovery.RESTART);
    assertThat(config.jobs().lease()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.faultPause()).isEmpty();
  }

  @Test
  void everyKeyOfJobsReachesItsField() {
    Map<String, String> keys = TestConfig.defaults();
    keys.put("partita.output.dir", "/srv/out");
    keys.put("partita.storage.uri", "file:///srv/blobs");
    keys.put("partita.server.id", "pod-7");
    keys.put("partita.jobs.max-active", "3");
    keys.put("partita.jobs.partition-permits", "5");
    keys.put("partita.jobs.recovery", "manual");
    keys.put("partita.jobs.quarantine-after", "7");
    keys.put("partita.jobs.lease", "PT30S");
    keys.put("partita.fault.pause", "chunk-commit:3");
    PartitaConfig config = PartitaConfig.read(new MapConfig(keys));
    assertThat(config.outputDirectory()).isEqualTo(Path.of("/srv/out"));
    assertThat(config.storageUri()).hasToString("file:///srv/blobs/");
    assertThat(config.serverId()).isEqualTo("pod-7");
    assertThat(config.jobs())
        .isEqualTo(new JobsConfig(3, 5, JobsConfig.Recovery.MANUAL, 7, Duration.ofSeconds(30)));
    assertThat(config.faultPause()).isEqualTo("chunk-commit:3");
  }

  @Test
  void everyKeyOfSchedulingReachesItsField() {
    Map<String, String> keys = TestConfig.defaults();
    keys.put("partita.node.cpus", "3");
    keys.put("partita.node.waiting-permits", "4");
    keys.put("partita.tenants.weights", "alice=2.5,bob=1");
    SchedulingConfig scheduling = PartitaConfig.read(new MapConfig(keys)).scheduling();
    assertThat(scheduling).isEqualTo(new SchedulingConfig(3, 4, Map.of("alice", 2.5, "bob", 1.0)));
    assertThat(scheduling.weightOf("carol")).isEqualTo(1);
    keys.put("partita.tenants.weights", "alice=0");
    assertThatThrownBy(() -> PartitaConfig.read(new MapConfig(keys)))
        .hasMessageContaining("partita.tenants.weights has 'alice=0'; a weight is above 0");
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    Map<String, String> keys = TestConfig.defaults();
    keys.put("partita.storage.uri", "http://example.org/");
    keys.put("partita.server.id", "two words");
    keys.put("partita.jobs.max-active", "0");
    keys.put("partita.jobs.partition-permits", "many");
    keys.put("partita.jobs.recovery", "maybe");
    keys.put("partita.jobs.lease", "10");
    keys.put("partita.fault.pause", "now");
    keys.remove("partita.output.dir");
    assertThatThrownBy(() -> PartitaConfig.read(new MapConfig(keys)))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessageContainingAll(
            "8 wrong configuration keys",
            "partita.output.dir is missing",
            "partita.storage.uri is 'http://example.org/'",
            "partita.server.id is 'two words'",
            "partita.jobs.max-active is '0'; expected a whole number from 1 to 10000",
            "partita.jobs.partition-permits is 'many'",
            "partita.jobs.recovery is 'maybe'; expected one of [restart, manual]",
            "partita.jobs.lease is '10'; expected a duration from PT2S to PT10M",
            "partita.fault.pause is 'now'");
  }

  @Test
  void aServerWithoutPortOrDatabaseDoesNotStart() {
    Map<String, String> keys = TestConfig.defaults();
    keys.put("partita.http.port", "http");
    keys.put("partita.database", "mysql");
    keys.put("partita.database.connections", "0");
    assertThatThrownBy(() -> PartitaConfig.read(new MapConfig(keys)))
        .hasMessageContainingAll(
            "3 wrong configuration keys",
            "partita.http.port is 'http'; expected a whole number from 1 to 65535",
            "partita.database is 'mysql'; expected one of [h2, postgresql]",
            "partita.database.connections is '0'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "0.0.0.0", "::", "10.0.0.1", "partita.example", "127.evil.example"})
  void nobodyAsksAModelUnsignedFromBeyondLoopback(String host) {
    assertThatThrownBy(() -> PartitaConfig.read(new MapConfig(anonymousOn(host))))
        .hasMessageContainingAll(
            "1 wrong configuration key\n",
            "partita.inference.anonymous is 'true'",
            "partita.https.host is '" + host + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "127.0.0.2", "::1"})
  void onLoopbackAModelMayBeAskedUnsigned(String host) {
    assertThat(PartitaConfig.read(new MapConfig(anonymousOn(host))).doors().anonymousInference())
        .isTrue();
  }

  private static Map<String, String> anonymousOn(String host) {
    Map<String, String> keys = TestConfig.defaults();
    keys.put("partita.inference.anonymous", "true");
    keys.put("partita.https", "true");
    keys.put("partita.https.host", host);
    keys.put("partita.https.port", "9443");
    keys.put("partita.keystore.password", "not empty");
    return keys;
  }

  @Test
  void tlsNeedsAPasswordForItsKeys() {
    Map<String, String> keys = anonymousOn("127.0.0.1");
    keys.remove("partita.keystore.password");
    assertThatThrownBy(() -> PartitaConfig.read(new MapConfig(keys)))
        .hasMessageContainingAll("1 wrong", "partita.keystore.password is missing");
    keys.put("partita.keystore.password", "short");
    assertThatThrownBy(() -> PartitaConfig.read(new MapConfig(keys)))
        .hasMessageContainingAll("1 wrong", "partita.keystore.password has less than 6 characters")
        .hasMessageNotContaining("short");
  }
}
