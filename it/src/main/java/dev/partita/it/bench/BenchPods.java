// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.PostgresServer;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Three servers on one PostgreSQL, with all defaults of a cluster. Close them. */
final class BenchPods implements AutoCloseable {
  static final List<String> NAMES = List.of("a", "b", "c");

  private static final long PATIENCE_NANOS = 180_000_000_000L;

  private final PostgresServer postgres = PostgresServer.start(Postgres.program());
  private final Map<String, ServerProcess> servers = new LinkedHashMap<>();

  BenchPods() {
    Checkout checkout = Checkout.find();
    Path storage = checkout.servers().resolve("bench-pod-a/storage");
    for (String name : NAMES) {
      ServerDirectory directory = ServerDirectory.create(checkout, "bench-pod-" + name);
      servers.put(
          name,
          new ServerProcess(checkout, directory)
              .with("partita.database", "postgresql")
              .with("partita.database.url", postgres.url())
              .with("partita.database.user", PostgresServer.USER)
              .with("partita.database.password", postgres.password())
              .with("partita.server.id", name)
              .with("partita.storage.uri", storage.toUri().toString()));
    }
    try {
      servers.values().forEach(ServerProcess::startWithoutWaiting);
      servers.values().forEach(ServerProcess::awaitReady);
      awaitMembers();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  ServerProcess server(String name) {
    return Objects.requireNonNull(servers.get(name), name);
  }

  PartitaClient client(String name) {
    return server(name).client("admin");
  }

  /** Some pod that is not this one. */
  static String other(String name) {
    return NAMES.stream().filter(one -> !one.equals(name)).findFirst().orElseThrow();
  }

  /** Starts one that was killed; all know it then. */
  void revive(String name) {
    server(name).start();
    awaitMembers();
  }

  private void awaitMembers() {
    await(
        "all are members",
        () ->
            client("a").get("/api/nodes").expect(200).objects().stream()
                    .filter(node -> node.getString("state").equals("UP"))
                    .count()
                == NAMES.size());
  }

  /** Checkpoints that are kept of the trainings of an instance. */
  int checkpoints(long instance) {
    return Integer.parseInt(
        postgres.sql("SELECT COUNT(*) FROM CHECKPOINT WHERE RUN_ID LIKE '" + instance + "-%'"));
  }

  /** Which pod has each partition of a step of the newest execution that has not ended. */
  static Map<Integer, String> running(PartitaClient client, long instance, String step) {
    Map<Integer, String> places = new TreeMap<>();
    long execution = client.executions(instance).get(0).getJsonNumber("executionId").longValue();
    client.steps(execution).stream()
        .filter(one -> one.getString("stepName").equals(step) && one.containsKey("partitions"))
        .flatMap(one -> one.getJsonArray("partitions").getValuesAs(JsonObject.class).stream())
        .filter(one -> one.getString("batchStatus").equals("STARTED"))
        .forEach(one -> places.put(one.getInt("partitionNumber"), one.getString("serverId")));
    return places;
  }

  /** Waits, and says how many seconds that took. */
  static double await(String what, BooleanSupplier holds) {
    long begin = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException("It took too long until " + what);
      }
      ServerProcess.pause(20);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public void close() {
    servers.values().stream().filter(ServerProcess::alive).forEach(ServerProcess::killHard);
    servers.values().forEach(server -> server.directory().delete());
    postgres.close();
  }
}
