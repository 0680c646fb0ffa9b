// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.NodeTraits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class NodeRepositoryTest {
  @RegisterExtension private static final TestDatabases DATABASES = new TestDatabases();

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void incarnationsGrowAndABuriedLifeNeverComesBack(String engine) throws Exception {
    NodeRepository nodes = nodes(engine, Duration.ofSeconds(10));
    assertThat(nodes.join(pod("a", "disk"))).isEqualTo(1);
    assertThat(nodes.renew("a/1")).isTrue();
    assertThat(nodes.join(pod("a", "disk"))).as("restarted").isEqualTo(2);
    assertThat(nodes.renew("a/1")).isFalse();
    assertThat(nodes.bury("a/2")).isTrue();
    assertThat(nodes.bury("a/2")).isFalse();
    assertThat(nodes.renew("a/2")).isFalse();
    assertThat(nodes.join(pod("a", "disk"))).isEqualTo(3);
    assertThat(nodes.buryExpired()).isZero();
    Node node = nodes.all().get(0);
    assertThat(node.holder()).isEqualTo("a/3");
    assertThat(node.labels()).isEqualTo(Map.of("pool", "spot", "zone", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void twoLivingPodsNeverHaveOneName(String engine) throws Exception {
    NodeRepository nodes = nodes(engine, Duration.ofSeconds(10));
    nodes.join(pod("a", "disk"));
    assertThatThrownBy(() -> nodes.join(pod("a", "other disk")))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG));
    nodes.leave("a/1");
    assertThat(nodes.all().get(0).state()).isEqualTo(Node.State.LEFT);
    assertThat(nodes.join(pod("a", "other disk"))).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void whoDoesNotRenewIsBuried(String engine) throws Exception {
    NodeRepository nodes = nodes(engine, Duration.ZERO);
    nodes.join(pod("a", "disk"));
    nodes.drain("a/1");
    assertThat(nodes.buryExpired()).isEqualTo(1);
    assertThat(nodes.renew("a/1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void theFirstSecretStays(String engine) throws Exception {
    NodeRepository nodes = nodes(engine, Duration.ofSeconds(10));
    assertThat(nodes.secret("first")).isEqualTo("first");
    assertThat(nodes.secret("second")).isEqualTo("first");
  }

  private static NodeRepository.Applicant pod(String id, String installation) {
    return new NodeRepository.Applicant(
        id,
        installation,
        "127.0.0.1:1",
        NodeTraits.labels("pool=spot,zone="),
        new Node.Capacity(2, 0, 1, "", 0, 8, 8),
        "app",
        "1");
  }

  private static NodeRepository nodes(String engine, Duration lease)
      throws SQLException, IOException {
    DataSource source = DATABASES.empty(engine);
    String schema;
    try (InputStream in =
        NodeRepository.class.getResourceAsStream("/dev/partita/batch/schema.sql")) {
      schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : schema.split(";\n", -1)) {
        if (sql.contains("CREATE TABLE IF NOT EXISTS NODE (") || sql.contains("CLUSTER_SECRET (")) {
          statement.execute(sql.substring(sql.indexOf("CREATE TABLE")));
        }
      }
    }
    return new NodeRepository(source, lease);
  }
}
