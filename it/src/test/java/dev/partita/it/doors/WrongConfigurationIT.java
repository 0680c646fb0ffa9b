// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A server that is configured wrongly ends, and says what is wrong. */
class WrongConfigurationIT {
  private static final String ENDED = "The server ended while starting, with status 78";

  @Test
  void oneMessageListsEveryWrongKey() throws IOException {
    try (ServerProcess server = TestServer.create("wrong")) {
      server
          .with("partita.jobs.recovery", "perhaps")
          .with("partita.jobs.lease", "10 s")
          .with("partita.jobs.max-active", "many")
          .with("partita.storage.uri", "http://[nowhere")
          .with("partita.inference.anonymous", "yes")
          .with("partita.database.connections", "none");
      assertThatThrownBy(server::start)
          .hasMessageContainingAll(
              ENDED,
              "Partita does not start: 6 wrong configuration keys",
              "partita.jobs.recovery is 'perhaps'; expected one of [restart, manual]",
              "partita.jobs.lease is '10 s'; expected a duration from PT2S to PT10M",
              "partita.jobs.max-active is 'many'; expected a whole number from 1 to 10000",
              "partita.storage.uri is 'http://[nowhere'; expected a file: URI",
              "partita.inference.anonymous is 'yes'; expected true or false",
              "partita.database.connections is 'none'");
      String log = Files.readString(server.directory().console());
      assertThat(log.split("6 wrong configuration keys", -1)).as(log).hasSize(2);
    }
  }

  @Test
  void modelsAreNotAskedWithoutSignInBeyondLoopback() {
    try (ServerProcess server = TestServer.create("wrong")) {
      server.directory().useProfile("tls.xml");
      server
          .with("partita.inference.anonymous", "true")
          .with("partita.https.host", "192.0.2.1") // for documentation: no machine has it
          .with("partita.https.port", Integer.toString(ServerProcess.freePort()))
          .with("partita.keystore.password", "for this test only");
      assertThatThrownBy(server::start)
          .hasMessageContainingAll(
              ENDED,
              "partita.inference.anonymous is 'true', which is for loopback only, but"
                  + " partita.https.host is '192.0.2.1'");
    }
  }

  @Test
  void aKeyThatVerifiesNothingIsNotIgnored() {
    try (ServerProcess server = TestServer.create("wrong")) {
      server.with("mp.jwt.verify.publickey", "none").with("mp.jwt.verify.issuer", Jwt.ISSUER);
      assertThatThrownBy(server::start)
          .hasMessageContainingAll(ENDED, "mp.jwt.verify.publickey", "neither a public key");
    }
  }
}
