// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.PostgresServer;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import dev.partita.it.server.UserApplication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code tasks}: what tasks and actors cost, from one server to another (the names of workload
 * {@code core}) and inside one ({@code _inpod}). All of it ephemeral: nothing is in the database.
 */
final class TaskBench {
  /** What the servers run, of package {@code work}. */
  private static final List<String> WORK =
      List.of("Noop", "NoopActor", "Bytes", "TaskFiguresBatchlet");

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String JSL =
      """
      <job id="task-figures" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
        <step id="measure">
          <batchlet ref="taskFiguresBatchlet">
            <properties>
              <property name="where" value="#{jobParameters['where']}"/>
            </properties>
          </batchlet>
        </step>
      </job>
      """;

  private TaskBench() {}

  static List<Figure> run() {
    Path application =
        UserApplication.make(
            "bench-tasks",
            WORK.stream().map(name -> TaskBench.class.getPackageName() + ".work." + name).toList());
    List<Figure> figures = new ArrayList<>();
    Map<String, ServerProcess> servers = new LinkedHashMap<>();
    try (PostgresServer postgres = PostgresServer.start(Postgres.program())) {
      try {
        for (String name : List.of("a", "b")) {
          servers.put(name, server(name, application, postgres).startWithoutWaiting());
        }
        servers.values().forEach(ServerProcess::awaitReady);
        PartitaClient client = Objects.requireNonNull(servers.get("a")).client("admin");
        awaitBoth(client);
        double copy = LoopbackCopy.gigabytesPerSecond();
        figures.addAll(figures(client, "b", "", copy));
        figures.addAll(figures(client, "a", "_inpod", copy));
      } finally {
        servers.values().stream().filter(ServerProcess::alive).forEach(ServerProcess::killHard);
        servers.values().forEach(server -> server.directory().delete());
      }
    }
    return figures;
  }

  private static ServerProcess server(String name, Path application, PostgresServer postgres) {
    Checkout checkout = Checkout.find();
    return new ServerProcess(
            checkout, ServerDirectory.create(checkout, "bench-tasks-" + name, application))
        .with("partita.database", "postgresql")
        .with("partita.database.url", postgres.url())
        .with("partita.database.user", PostgresServer.USER)
        .with("partita.database.password", postgres.password())
        .with("partita.server.id", name)
        .with("partita.cluster.labels", "letter=" + name)
        .with("partita.store.arena-bytes", Long.toString(1L << 30));
  }

  private static void awaitBoth(PartitaClient client) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (client.get("/api/nodes").expect(200).objects().stream()
            .filter(node -> node.getString("state").equals("UP"))
            .count()
        < 2) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the servers do not find each other");
      }
      ServerProcess.pause(50);
    }
    ServerProcess.pause(3_000); // sessions are open after the next look at the members
  }

  private static List<Figure> figures(
      PartitaClient client, String where, String suffix, double copy) {
    long instance = client.submitJsl(JSL, Map.of("where", where));
    String status = client.await(instance, LIMIT);
    if (!status.equals("COMPLETED")) {
      throw new IllegalStateException("measuring ended " + status + ": " + client.log(instance));
    }
    long execution = client.executions(instance).get(0).getJsonNumber("executionId").longValue();
    List<Figure> figures = new ArrayList<>();
    for (String figure : client.steps(execution).get(0).getString("exitStatus").split(";", -1)) {
      int equals = figure.indexOf('=');
      if (equals > 0) {
        String name = figure.substring(0, equals);
        List<Double> runs =
            Arrays.stream(figure.substring(equals + 1).split(",", -1))
                .map(Double::valueOf)
                .toList();
        Figure made = Figure.of("core", name + suffix, unit(name), runs);
        figures.add(
            name.startsWith("object_fetch") && suffix.isEmpty()
                ? made.within(copy, "bytes through a socket on loopback, one thread on each side")
                : made);
      }
    }
    return figures;
  }

  private static String unit(String figure) {
    if (figure.endsWith("_p50") || figure.endsWith("_p99")) {
      return "us";
    }
    return figure.startsWith("object_fetch") ? "GB/s" : figure.startsWith("wait") ? "ms" : "1/s";
  }
}
