// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.ServerProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The peers' {@code serve}: one row of 64 floats to an MLP 64-256-10 behind a batching endpoint,
 * over plain loopback without sign-in.
 */
final class ServeBench {
  private static final String MLP = "partita.serve.benchmark-mlp";
  private static final int SECONDS = 5;
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":["
          + String.join(",", Collections.nCopies(64, "0.1"))
          + "]}]}";

  private ServeBench() {}

  static List<Figure> run() {
    List<Figure> figures = new ArrayList<>();
    Map<String, String> open = Map.of("partita.inference.anonymous", "true", MLP, "true");
    try (BenchServer server = new BenchServer(open)) {
      URI base = server.process().uri();
      Wrk live = new Wrk(base.resolve("/v2/health/live"), Map.of(), "");
      figures.addAll(
          ServeFigures.measure(
              "serve", mlp(base, Map.of()), SECONDS, live, "the same server's /v2/health/live"));
    }
    int port = ServerProcess.freePort();
    try (BenchServer server = BenchServer.withTls(Map.of(MLP, "true"), port)) {
      URI base = URI.create("https://127.0.0.1:" + port);
      Map<String, String> signedIn = Map.of("Authorization", server.authorization());
      Wrk live = new Wrk(base.resolve("/v2/health/live"), signedIn, "");
      figures.addAll(
          ServeFigures.measure(
              "serve_tls",
              mlp(base, signedIn),
              SECONDS,
              live,
              "the same server's /v2/health/live, by TLS and with the password too"));
    }
    return figures;
  }

  private static Wrk mlp(URI base, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/json");
    return new Wrk(base.resolve("/v2/models/mlp/infer"), all, BODY);
  }
}
