// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.Tool;
import dev.partita.it.server.PostgresServer;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The TCK inside our WAR, on two servers and one PostgreSQL: server {@code a} runs the tests and
 * the jobs they start and has no place for partitions, so that server {@code b} runs those, which
 * the contract's node ids prove.
 */
class LibertyTckIT {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int PAGE = 100;

  @Test
  void ourServersPass() throws Exception {
    Path war = TckWar.make(Checkout.find());
    try (PostgresServer postgres = PostgresServer.start(Tool.POSTGRES.require());
        ServerProcess a = server(postgres, "a", war, null, 0);
        ServerProcess b = server(postgres, "b", war, a, 16)) {
      a.startWithoutWaiting();
      b.startWithoutWaiting();
      a.awaitReady();
      b.awaitReady();
      PartitaClient client = a.client("admin");
      awaitMembers(client);
      TckResult result = run(client);
      requireRemote(client);
      Tck.judge("liberty", result);
    }
  }

  private static ServerProcess server(
      PostgresServer postgres, String name, Path war, @Nullable ServerProcess first, int places) {
    ServerProcess server = TestServer.create("tck-" + name, war);
    ServerProcess storage = first == null ? server : first;
    return server
        .with("partita.database", "postgresql")
        .with("partita.database.url", postgres.url())
        .with("partita.database.user", PostgresServer.USER)
        .with("partita.database.password", postgres.password())
        .with("partita.server.id", name)
        .with("partita.jobs.partition-permits", Integer.toString(places))
        .with(
            "partita.storage.uri",
            storage.directory().server().resolve("storage").toUri().toString());
  }

  /** Both are there, and run the same application. */
  private static void awaitMembers(PartitaClient client) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      List<JsonObject> nodes = client.get("/api/nodes").expect(200).objects();
      Set<String> applications = new TreeSet<>();
      nodes.forEach(node -> applications.add(node.getString("application")));
      if (nodes.size() == 2) {
        assertThat(applications).as("applications of %s", nodes).hasSize(1);
        return;
      }
      assertThat(System.nanoTime()).as("both are members: %s", nodes).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static TckResult run(PartitaClient client) throws Exception {
    client
        .send(
            client
                .request("/tck")
                .POST(BodyPublishers.ofString(String.join("\n", Tck.testClasses()))))
        .expect(202);
    long end = System.nanoTime() + LIMIT.toNanos();
    try {
      while (client.get("/tck").status() == 204) {
        assertThat(System.nanoTime()).as("the TCK ends within %s", LIMIT).isLessThan(end);
        TimeUnit.SECONDS.sleep(1);
      }
    } finally {
      Files.writeString(Tck.report("liberty"), client.get("/tck?log").expect(200).body());
    }
    return TckResult.parse(client.get("/tck").expect(200).body());
  }

  /** Every partition ran on another node than its job. */
  private static void requireRemote(PartitaClient client) {
    int partitions = 0;
    List<String> local = new ArrayList<>();
    for (JsonObject instance : instances(client)) {
      for (JsonObject execution :
          client.executions(instance.getJsonNumber("instanceId").longValue())) {
        for (JsonObject step : client.steps(execution.getJsonNumber("executionId").longValue())) {
          for (JsonObject partition :
              step.getJsonArray("partitions").getValuesAs(JsonObject.class)) {
            partitions++;
            if (partition.getString("serverId").equals(execution.getString("serverId"))) {
              local.add(instance.getString("jobName") + " " + partition);
            }
          }
        }
      }
    }
    System.out.println("TCK liberty partitions " + partitions + ", local " + local.size());
    assertThat(partitions).as("partitions").isGreaterThan(50);
    assertThat(local).as("partitions on the node of their job").isEmpty();
  }

  private static List<JsonObject> instances(PartitaClient client) {
    List<JsonObject> all = new ArrayList<>();
    for (int page = 0; ; page++) {
      List<JsonObject> found =
          client
              .get("/ibm/api/batch/v4/jobinstances?page=" + page + "&pageSize=" + PAGE)
              .expect(200)
              .objects();
      all.addAll(found);
      if (found.size() < PAGE) {
        return all;
      }
    }
  }
}
