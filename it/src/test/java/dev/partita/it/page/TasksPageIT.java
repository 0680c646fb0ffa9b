// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.fixture.Tool;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The page shows tasks and actors as they come, run and end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksPageIT {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String TASKS = "section[aria-label=Tasks]";
  private static final String ACTORS = "section[aria-label=Actors]";

  private ServerProcess server;
  private PartitaClient admin;
  private Browser browser;

  @BeforeAll
  void openServerAndBrowser() {
    Path chromium = Tool.BROWSER.require();
    server = TestServer.createWithWork("tasks-page").start();
    admin = server.client("admin");
    browser = new Browser(chromium, Checkout.find().root().resolve("it/target/page"));
    String token = admin.post("/api/sign-in-links", "").expect(200).object().getString("token");
    browser.open(URI.create(server.uri() + "/#" + token));
    browser.await("the board is shown", SOON, () -> browser.text("#account").contains("admin"));
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void tasksAndActorsAreShownLive() {
    browser.await(
        "nothing is there yet", SOON, () -> browser.text(TASKS).contains("No task has run yet."));
    String slow =
        admin
            .post(
                "/api/tasks",
                "{\"task\":\"Words.work\",\"arguments\":[600000],\"options\":{\"name\":\"slow\"}}")
            .expect(201)
            .object()
            .getString("id");
    browser.await("the task runs", SOON, () -> browser.text(TASKS).matches("(?s).*slow running.*"));
    admin.post("/api/tasks/" + slow + "/cancel", "").expect(200);
    browser.await(
        "it is cancelled", SOON, () -> browser.text(TASKS).matches("(?s).*slow cancelled.*"));
    String actor =
        admin.post("/api/actors", "{\"class\":\"Tab\"}").expect(201).object().getString("id");
    browser.await("the actor lives", SOON, () -> browser.text(ACTORS).matches("(?s).*Tab alive.*"));
    browser.picture("tasks");
    admin.delete("/api/actors/" + actor).expect(200);
    browser.await("it is dead", SOON, () -> browser.text(ACTORS).matches("(?s).*Tab dead.*"));
    assertThat(browser.complaints()).isEmpty();
  }
}
