// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.batch.Cluster.Bell;
import dev.partita.config.ClusterConfig;
import dev.partita.config.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making keys starts keytool, which takes its time on a busy machine. */
@Timeout(180)
class DoorbellsTest {
  @TempDir private Path directory;
  private final BlockingQueue<Bell> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Node> refused = new LinkedBlockingQueue<>();

  @Test
  void aRingIsHeard() throws Exception {
    ClusterConfig plain = config(Map.of());
    try (Doorbells bells = listen(plain);
        PeerLink link = link(bells, plain, "secret")) {
      link.ring(Bell.WORK);
      link.ring(Bell.DEATH);
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Bell.WORK);
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Bell.DEATH);
    }
  }

  @Test
  void whoDoesNotShowTheSecretIsNotHeardAndIsNotTakenForAProofOfDeath() throws Exception {
    ClusterConfig plain = config(Map.of());
    try (Doorbells bells = listen(plain);
        PeerLink link = link(bells, plain, "guess")) {
      link.ring(Bell.WORK);
      awaitBroken(link);
      assertThat(heard).isEmpty();
      assertThat(refused.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void aPeerWhosePortRefusesIsReportedOnce() throws Exception {
    ClusterConfig plain = config(Map.of());
    Doorbells bells = listen(plain);
    try (PeerLink link = link(bells, plain, "secret")) {
      link.ring(Bell.WORK);
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Bell.WORK);
      bells.close();
      assertThat(refused.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(link.broken()).isTrue();
      assertThat(refused.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void withMutualTlsOnlyPodsOfTheSameAuthorityAreHeard() throws Exception {
    ClusterConfig ours = config(keys("ours"));
    ClusterConfig theirs = config(keys("theirs"));
    try (Doorbells bells = listen(ours)) {
      try (PeerLink link = link(bells, theirs, "secret")) {
        link.ring(Bell.WORK);
        awaitBroken(link);
      }
      try (PeerLink link = link(bells, config(Map.of()), "secret")) {
        link.ring(Bell.WORK);
        awaitBroken(link);
      }
      assertThat(heard).isEmpty();
      try (PeerLink link = link(bells, ours, "secret")) {
        link.ring(Bell.STOP);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Bell.STOP);
      }
    }
  }

  /** Addresses of pods are known when they run, certificates are made before. */
  @Test
  void oneCertificateForAllPodsIsForANameThatIsTold() throws Exception {
    Map<String, String> common = new HashMap<>(keys("common", "SAN=DNS:partita"));
    ClusterConfig byAddress = config(common);
    common.put("partita.cluster.tls.name", "partita");
    ClusterConfig byName = config(common);
    try (Doorbells bells = listen(byName)) {
      try (PeerLink link = link(bells, byAddress, "secret")) {
        link.ring(Bell.WORK);
        awaitBroken(link);
      }
      assertThat(heard).isEmpty();
      try (PeerLink link = link(bells, byName, "secret")) {
        link.ring(Bell.STOP);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Bell.STOP);
      }
    }
  }

  @Test
  void beyondLoopbackPodsTalkByMutualTlsOnly() {
    assertThatThrownBy(() -> config(Map.of("partita.cluster.host", "10.0.0.1")))
        .hasMessageContaining("partita.cluster.host is '10.0.0.1'");
    assertThatThrownBy(() -> config(Map.of("partita.cluster.tls.key", "key.pem")))
        .hasMessageContaining("belong together");
  }

  private Doorbells listen(ClusterConfig config) throws IOException {
    ClusterSecret secret = new ClusterSecret("secret");
    return new Doorbells(
        config,
        secret,
        new GangStreams(secret),
        new SessionService(secret, () -> "pod/1"),
        heard::add);
  }

  private PeerLink link(Doorbells bells, ClusterConfig config, String secret) {
    Node peer =
        new Node(
            "peer",
            1,
            Node.State.UP,
            bells.address(),
            Map.of(),
            new Node.Capacity(1, 0, 1, "", 0, 8, 8),
            "",
            "",
            Instant.EPOCH,
            Instant.EPOCH);
    return new PeerLink(
        peer,
        Doorbells.channelCredentials(config),
        config.tls().map(ClusterConfig.Tls::name).orElse(""),
        new ClusterSecret(secret),
        refused::add);
  }

  private static void awaitBroken(PeerLink link) throws InterruptedException {
    for (int i = 0; i < 1_000 && !link.broken(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(link.broken()).isTrue();
  }

  private ClusterConfig config(Map<String, String> keys) {
    return TestConfig.with(directory, keys).cluster();
  }

  /** A key and its own certificate, made now, as PEM files. */
  private Map<String, String> keys(String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    return keys(name, "SAN=IP:127.0.0.1,DNS:localhost");
  }

  private Map<String, String> keys(String name, String subjects)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve(name + ".p12");
    char[] password = "only-for-a-test".toCharArray();
    int status =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "pod",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                subjects,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(password))
            .start()
            .waitFor();
    assertThat(status).isZero();
    KeyStore made = KeyStore.getInstance(store.toFile(), password);
    Path certificate = directory.resolve(name + ".crt");
    Path key = directory.resolve(name + ".key");
    Files.writeString(certificate, pem("CERTIFICATE", made.getCertificate("pod").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", made.getKey("pod", password).getEncoded()));
    return Map.of(
        "partita.cluster.tls.certificate",
        certificate.toString(),
        "partita.cluster.tls.key",
        key.toString(),
        "partita.cluster.tls.authorities",
        certificate.toString());
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
