// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A fresh server to measure, and what the parts do with it. Close it. */
final class BenchServer implements AutoCloseable {
  private static final Duration JOB_LIMIT = Duration.ofMinutes(10);

  private final ServerProcess process;

  /** Starts one with these configuration keys. */
  BenchServer(Map<String, String> keys) {
    this(keys, directory());
  }

  private BenchServer(Map<String, String> keys, ServerDirectory directory) {
    process = new ServerProcess(Checkout.find(), directory);
    keys.forEach(process::with);
    process.start();
  }

  /** One that is also open by TLS, on this port of 127.0.0.1, with a certificate of its own. */
  static BenchServer withTls(Map<String, String> keys, int port) {
    ServerDirectory directory = directory();
    directory.useProfile("tls.xml");
    Map<String, String> all = new HashMap<>(keys);
    all.put("partita.https.host", "127.0.0.1");
    all.put("partita.https.port", Integer.toString(port));
    all.put("partita.public.host", "127.0.0.1");
    all.put("partita.keystore.password", UUID.randomUUID().toString());
    return new BenchServer(all, directory);
  }

  /** Liberty with the same features and an application that holds nothing. */
  static BenchServer withoutApplication() {
    Checkout checkout = Checkout.find();
    try {
      Path empty = Files.createDirectories(checkout.servers().resolve("empty.war"));
      return new BenchServer(Map.of(), ServerDirectory.create(checkout, "bench", empty));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make an empty application", e);
    }
  }

  private static ServerDirectory directory() {
    return ServerDirectory.create(Checkout.find(), "bench");
  }

  ServerProcess process() {
    return process;
  }

  PartitaClient client() {
    return process.client("admin");
  }

  /** The value of the Authorization header of its administrator. */
  String authorization() {
    return client().request("/").build().headers().firstValue("Authorization").orElseThrow();
  }

  /**
   * Runs a job to its end and returns its instance id.
   *
   * @throws IllegalStateException if it does not complete
   */
  long complete(String jobXmlName, Map<String, String> parameters) {
    PartitaClient client = client();
    long instanceId = client.submit(jobXmlName, parameters);
    String status = client.await(instanceId, JOB_LIMIT);
    if (!status.equals("COMPLETED")) {
      throw new IllegalStateException(
          jobXmlName + " ended " + status + ": " + client.log(instanceId));
    }
    return instanceId;
  }

  /** The value of a metric without labels. */
  double metric(String name) {
    return client()
        .get("/metrics")
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No metric " + name));
  }

  /** How long a step of the latest execution took, seconds. */
  double stepSeconds(long instanceId, String step) {
    PartitaClient client = client();
    List<JsonObject> executions = client.executions(instanceId);
    long executionId = executions.get(0).getJsonNumber("executionId").longValue();
    JsonObject found =
        client.steps(executionId).stream()
            .filter(s -> s.getString("stepName").equals(step))
            .findFirst()
            .orElseThrow();
    return Times.secondsBetween(found.getString("startTime"), found.getString("endTime"));
  }

  @Override
  public void close() {
    process.close();
    process.directory().delete();
  }
}
