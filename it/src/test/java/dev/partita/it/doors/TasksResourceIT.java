// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A user's tasks and actors, asked for over REST. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksResourceIT {
  private ServerProcess server;
  private PartitaClient admin;
  private PartitaClient monitor;
  private PartitaClient submitter;

  @BeforeAll
  void start() {
    server = TestServer.createWithWork("tasks").start();
    admin = server.client("admin");
    monitor = server.client("monitor");
    submitter = server.client("submitter");
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String submit(PartitaClient client, String body) {
    return client.post("/api/tasks", body).expect(201).object().getString("id");
  }

  private static JsonObject ended(PartitaClient client, String id) {
    return client.get("/api/tasks/" + id + "?waitSeconds=30").expect(200).object();
  }

  @Test
  void aTaskRunsAndItsResultIsShown() {
    String id = submit(submitter, "{\"task\":\"Words.count\",\"arguments\":[\"to be or to\"]}");
    JsonObject task = ended(submitter, id);
    assertThat(task.getString("state")).isEqualTo("SUCCEEDED");
    assertThat(task.getJsonObject("result").toString()).isEqualTo("{\"be\":1,\"or\":1,\"to\":2}");
    assertThat(task.getString("owner")).isEqualTo("submitter");
    assertThat(task.getInt("attempt")).isEqualTo(1);
    JsonObject object = submitter.get("/api/objects/" + id).expect(200).object();
    assertThat(object.getString("state")).isEqualTo("AVAILABLE");
    submitter.delete("/api/objects/" + id).expect(204);
    assertThat(submitter.get("/api/objects/" + id).status()).isEqualTo(404);
    assertThat(ended(admin, id)).doesNotContainKey("result");
  }

  @Test
  void aFailureAndACancelAreTold() {
    String failed = submit(submitter, "{\"task\":\"Words.fails\",\"arguments\":[\"why\"]}");
    JsonObject error = ended(submitter, failed).getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo("WORK_FAILED");
    assertThat(error.getString("message")).contains("why");
    assertThat(error.getString("stack")).contains("Words.fails");

    String slow =
        submit(
            submitter,
            "{\"task\":\"Words.work\",\"arguments\":[60000],\"options\":{\"name\":\"slow\"}}");
    assertThat(monitor.post("/api/tasks/" + slow + "/cancel", "").status()).isEqualTo(403);
    JsonObject cancelled =
        submitter.post("/api/tasks/" + slow + "/cancel", "").expect(200).object();
    assertThat(cancelled.getString("state")).isEqualTo("CANCELLED");
    assertThat(cancelled.getString("name")).isEqualTo("slow");
    String late =
        submit(
            submitter,
            "{\"task\":\"Words.work\",\"arguments\":[60000],\"options\":{\"timeout\":\"PT0.2S\"}}");
    assertThat(ended(submitter, late).getJsonObject("error").getString("code"))
        .isEqualTo("TIMEOUT");
  }

  @Test
  void anActorKeepsItsStateUntilItIsKilled() {
    String actor =
        submitter
            .post("/api/actors", "{\"class\":\"Tab\",\"argument\":40}")
            .expect(201)
            .object()
            .getString("id");
    String call = "{\"method\":\"add\",\"arguments\":[1],\"delivery\":\"EXACTLY_ONCE\"}";
    String first = called(actor, call);
    String second = called(actor, call);
    assertThat(ended(submitter, first).getInt("result")).isEqualTo(41);
    assertThat(ended(submitter, second).getInt("result")).isEqualTo(42);
    JsonObject alive = monitor.get("/api/actors/" + actor).expect(200).object();
    assertThat(alive.getString("state")).isEqualTo("ALIVE");
    assertThat(alive.getString("owner")).isEqualTo("submitter");
    assertThat(submitter.post("/api/actors/" + actor + "/calls", "{\"method\":\"load\"}").status())
        .isEqualTo(404);
    assertThat(monitor.delete("/api/actors/" + actor).status()).isEqualTo(403);
    assertThat(submitter.delete("/api/actors/" + actor).expect(200).object().getString("state"))
        .isEqualTo("DEAD");
    assertThat(ended(submitter, called(actor, call)).getJsonObject("error").getString("code"))
        .isEqualTo("ACTOR_DIED");
  }

  private String called(String actor, String call) {
    return submitter
        .post("/api/actors/" + actor + "/calls", call)
        .expect(201)
        .object()
        .getString("id");
  }

  @Test
  void aPlacementGroupHoldsWhatRunsInIt() {
    String group =
        submitter
            .post("/api/placement-groups", "{\"bundles\":[\"cpu=2\",\"cpu=1\"]}")
            .expect(201)
            .object()
            .getString("id");
    String inside =
        submit(
            submitter,
            "{\"task\":\"Words.work\",\"arguments\":[1],\"options\":{\"placementGroup\":\""
                + group
                + "\",\"bundle\":1}}");
    assertThat(ended(submitter, inside).getString("result")).isEqualTo("worked for 1");
    assertThat(
            submitter
                .get("/api/placement-groups/" + group)
                .expect(200)
                .object()
                .getJsonArray("bundles"))
        .hasSize(2);
    submitter.delete("/api/placement-groups/" + group).expect(204);
    assertThat(submitter.get("/api/placement-groups/" + group).status()).isEqualTo(404);
    assertThat(
            submitter
                .post("/api/placement-groups", "{\"bundles\":[\"cpu=100000\"]}")
                .expect(422)
                .body())
        .contains("PLACEMENT_INFEASIBLE");
  }

  @Test
  void pagesHoldEveryTaskOnceWhileMoreComeIn() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 25; i++) {
      made.add(
          submit(
              submitter,
              "{\"task\":\"Words.work\",\"arguments\":[1],\"options\":{\"name\":\"paged\"}}"));
    }
    List<String> seen = new ArrayList<>();
    String path = "/api/tasks?name=paged&limit=10";
    JsonObject page = submitter.get(path).expect(200).object();
    while (true) {
      page.getJsonArray("tasks").forEach(task -> seen.add(task.asJsonObject().getString("id")));
      if (!page.containsKey("next")) {
        break;
      }
      submit(
          submitter,
          "{\"task\":\"Words.work\",\"arguments\":[1],\"options\":{\"name\":\"paged\"}}");
      page = submitter.get(path + "&after=" + page.getString("next")).expect(200).object();
    }
    assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(made);
    made.forEach(id -> ended(submitter, id));
    JsonObject summary = submitter.get("/api/tasks/summary").expect(200).object();
    assertThat(summary.getJsonObject("states").getInt("SUCCEEDED")).isGreaterThanOrEqualTo(25);
  }

  @Test
  void anotherCallersWorkIsNotTold() {
    String id = submit(admin, "{\"task\":\"Words.count\",\"arguments\":[\"mine\"]}");
    ended(admin, id);
    assertThat(submitter.get("/api/tasks/" + id).status()).isEqualTo(403);
    assertThat(submitter.get("/api/objects/" + id).status()).isEqualTo(403);
    assertThat(submitter.get("/api/tasks?limit=1000").expect(200).body()).doesNotContain(id);
    assertThat(monitor.get("/api/tasks?limit=1000").expect(200).body()).contains(id);
    assertThat(monitor.post("/api/tasks", "{\"task\":\"Words.count\"}").status()).isEqualTo(403);
  }

  @Test
  void whatIsWrongIsRefusedAndNothingIsDisturbed() {
    JsonObject before = admin.get("/api/tasks/summary").expect(200).object();
    for (String body :
        List.of(
            "",
            "[]",
            "{\"task\":\"Words.count\"",
            "{\"task\":\"Words.count\"}",
            "{\"task\":\"Words.count\",\"arguments\":[[1]]}",
            "{\"task\":\"Words.work\",\"arguments\":[\"x\"]}",
            "{\"task\":\"Words.count\",\"arguments\":[\"x\"],\"options\":{\"cpu\":1}}",
            "{\"task\":\"Words.count\",\"arguments\":" + "[".repeat(50_000))) {
      assertThat(submitter.post("/api/tasks", body).status()).as(body).isEqualTo(400);
    }
    for (String task : List.of("java.lang.Runtime.exec", "Words.toString", "../x", "")) {
      assertThat(submitter.post("/api/tasks", "{\"task\":\"" + task + "\"}").status())
          .as(task)
          .isEqualTo(404);
    }
    String large = "{\"task\":\"Words.count\",\"arguments\":[\"" + "x".repeat(5 << 20) + "\"]}";
    assertThat(submitter.post("/api/tasks", large).status()).isEqualTo(413);
    assertThat(submitter.get("/api/tasks?sort=colour").status()).isEqualTo(400);
    assertThat(submitter.get("/api/tasks?after=nowhere").status()).isEqualTo(400);
    JsonObject after = admin.get("/api/tasks/summary").expect(200).object();
    assertThat(after.getInt("total")).isEqualTo(before.getInt("total"));
    assertThat(after.getJsonObject("states").containsKey("RUNNING")).isFalse();
    String id = submit(submitter, "{\"task\":\"Words.count\",\"arguments\":[\"goes on\"]}");
    assertThat(ended(submitter, id).getString("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void theTimelineAndTheMetricsTellOfIt() {
    String actor =
        admin.post("/api/actors", "{\"class\":\"Tab\"}").expect(201).object().getString("id");
    String call =
        admin
            .post("/api/actors/" + actor + "/calls", "{\"method\":\"add\",\"arguments\":[1]}")
            .expect(201)
            .object()
            .getString("id");
    ended(admin, call);
    ended(admin, submit(admin, "{\"task\":\"Words.work\",\"arguments\":[20]}"));
    // An end is told before it is on the timeline.
    ended(admin, submit(admin, "{\"task\":\"Words.work\",\"arguments\":[20]}"));
    String trace = monitor.get("/api/timeline?seconds=60").expect(200).body();
    assertThat(trace)
        .contains("\"name\":\"Words.work\",\"cat\":\"task\",\"ph\":\"X\"")
        .contains("\"name\":\"Tab.add\",\"cat\":\"actor_call\"")
        .contains("\"name\":\"process_name\"");
    assertThat(submitter.get("/api/timeline").status()).isEqualTo(403);
    String metrics = monitor.get("/metrics").expect(200).body();
    assertThat(metrics)
        .containsPattern("partita_tasks_ended_total\\{state=\"succeeded\"} [1-9]")
        .containsPattern("partita_task_run_seconds_count\\{kind=\"task\"} [1-9]")
        .containsPattern("partita_task_run_seconds_count\\{kind=\"actor_call\"} [1-9]")
        .containsPattern("partita_task_queue_seconds_count [1-9]")
        .containsPattern("partita_actors\\{state=\"alive\"} [1-9]")
        .contains("partita_actor_restarts_total 0")
        .contains("partita_transfers_received_bytes_total 0")
        .contains("partita_actor_mailbox_calls 0");
    admin.delete("/api/actors/" + actor).expect(200);
  }
}
