// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The peers' {@code serve}: one row of 64 floats to an MLP 64-256-10 behind a batching endpoint,
 * over plain loopback without sign-in.
 */
final class ServeBench {
  private static final int SECONDS = 5;
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":["
          + String.join(",", Collections.nCopies(64, "0.1"))
          + "]}]}";

  private ServeBench() {}

  static List<Figure> run() {
    List<Figure> figures = new ArrayList<>();
    try (BenchServer server =
        new BenchServer(
            Map.of("partita.inference.anonymous", "true", "partita.bench.mlp", "true"))) {
      Wrk mlp =
          new Wrk(
              server.process().uri().resolve("/v2/models/mlp/infer"),
              Map.of("Content-Type", "application/json"),
              BODY);
      Wrk bare = new Wrk(server.process().uri().resolve("/v2/health/live"), Map.of(), "");
      figures.addAll(
          ServeFigures.measure(
              "serve", mlp, SECONDS, bare, "the same server answering /v2/health/live"));
    }
    return figures;
  }
}
