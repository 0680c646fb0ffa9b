// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleIT {

  @Test
  void aProjectOfFortyLinesOfPomTrainsItsOwnModelOnPartita() throws IOException {
    Checkout checkout = Checkout.find();
    assertThat(Files.readAllLines(checkout.root().resolve("it/sample/pom.xml")))
        .as("lines of the sample's pom")
        .hasSizeLessThanOrEqualTo(40);
    Path war = new SampleBuild(checkout).run();
    assertThat(war.resolve("WEB-INF/lib/line-fit-1.0.jar")).exists();

    try (ServerProcess server = TestServer.create("sample", war).start()) {
      PartitaClient admin = server.client("admin");
      long instance = admin.submit("line-fit", Map.of("ranks", "2"));
      new MainJob(admin).completes(instance);
      JsonObject execution = admin.executions(instance).get(0);
      long executionId = execution.getJsonNumber("executionId").longValue();
      assertThat(admin.steps(executionId))
          .extracting(step -> step.getString("stepName"))
          .containsExactly("announce", "measure", "fit");
      assertThat(admin.steps(executionId).get(0).getString("exitStatus"))
          .isEqualTo("a line in 2000 iterations");
      assertThat(admin.steps(executionId).get(1).getString("exitStatus"))
          .isEqualTo("parts=8 mean=0.50");
      assertThat(admin.get("/api/jobs/" + instance + "/metrics").expect(200).body())
          .as("the loop's own curve")
          .contains("loss");
    }
  }
}
