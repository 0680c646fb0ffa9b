// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.SharedServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class StartIT {

  @Test
  void becomesReadyAndSaysWhoAsks(ServerProcess server, PartitaClient admin) {
    assertThat(server.startTime()).isPositive();
    assertThat(new PartitaClient(server.uri(), null).get("/health/ready").status()).isEqualTo(200);
    assertThat(admin.get("/api/me").expect(200).body()).contains("admin");
  }
}
