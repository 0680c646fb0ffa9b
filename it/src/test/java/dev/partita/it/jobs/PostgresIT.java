// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.jobs;

import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.fixture.Tool;
import dev.partita.it.server.PostgresServer;
import dev.partita.it.server.ServerProcess;
import org.junit.jupiter.api.Test;

class PostgresIT {

  @Test
  void theMainJobRunsOnPostgreSqlAndSurvivesAKill() {
    try (PostgresServer postgres = PostgresServer.start(Tool.POSTGRES.require());
        ServerProcess server = TestServer.create("postgres")) {
      server
          .with("partita.database", "postgresql")
          .with("partita.database.url", postgres.url())
          .with("partita.database.user", PostgresServer.USER)
          .with("partita.database.password", postgres.password())
          .start();
      MainJob job = new MainJob(server.client("admin"));
      job.train(MainJob.quickTraining("text", 2));
      long instance = job.client().submit("classify-text", MainJob.classifying("text"));
      Killer.awaitShare(job.client(), instance, "classify", 0.3);
      server.killHard();
      server.start();
      job.completes(instance);
      job.classifiedEachTextOnce(instance);
    }
  }
}
