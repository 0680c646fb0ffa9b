// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A fresh server to measure, and what the parts do with it. Close it. */
final class BenchServer implements AutoCloseable {
  private static final Duration JOB_LIMIT = Duration.ofMinutes(10);

  private final ServerProcess process;

  BenchServer(Map<String, String> keys) {
    Checkout checkout = Checkout.find();
    process = new ServerProcess(checkout, ServerDirectory.create(checkout, "bench"));
    keys.forEach(process::with);
    process.start();
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
