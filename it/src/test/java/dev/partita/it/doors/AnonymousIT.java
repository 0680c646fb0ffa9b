// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where {@code partita.inference.anonymous} is on, a model may be asked without sign-in. */
class AnonymousIT {
  private static final String QUESTION =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":["
          + String.join(",", Collections.nCopies(64, "0.1"))
          + "]}]}";

  @Test
  void aModelAnswersWithoutSignInAndNothingElseDoes() {
    try (ServerProcess server =
        TestServer.create("anonymous")
            .with("partita.inference.anonymous", "true")
            .with("partita.serve.benchmark-mlp", "true")
            .start()) {
      PartitaClient nobody = new PartitaClient(server.uri(), null);
      assertThat(nobody.post("/v2/models/mlp/infer", QUESTION).expect(200).body())
          .contains("\"shape\":[1,10]");
      for (String path : List.of("/v2/models/mlp", "/ibm/api/batch/jobinstances", "/metrics")) {
        assertThat(nobody.get(path).status()).as(path).isEqualTo(401);
      }
      assertThat(nobody.post("/ibm/api/batch/jobinstances", "{}").status()).isEqualTo(401);
      assertThat(nobody.post("/api/x/v2/models/mlp/infer", QUESTION).status()).isEqualTo(401);
    }
  }
}
