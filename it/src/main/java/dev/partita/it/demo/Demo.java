// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Trains, is killed, trains on, classifies, is killed, classifies on, compares, serves, and ends
 * with one line: {@code PARTITA DEMO OK …} and status 0, or a reason and status 1.
 */
public final class Demo {
  private static final String MODEL = "text";
  private static final int REQUESTS = 2_000;
  private static final int CONNECTIONS = 4;
  private static final String LAST_WORDS = "Ended by Ctrl-C; the server stops within ten seconds.";

  private final Screen screen = new Screen();
  private final Checkout checkout = Checkout.find();

  private Demo() {}

  /** Takes no arguments; {@code -Dpartita.demo.keep=false} ends the server also in a terminal. */
  public static void main(String[] args) {
    System.exit(new Demo().run() ? 0 : 1);
  }

  private boolean run() {
    Heartbeat.silence(checkout.root());
    Thread lastWords = new Thread(() -> screen.end(LAST_WORDS), "last-words");
    Runtime.getRuntime().addShutdownHook(lastWords);
    try {
      return tell();
    } finally {
      forget(lastWords);
    }
  }

  /** When the JVM ends already, by Ctrl-C, they have been said. */
  private static void forget(Thread lastWords) {
    try {
      Runtime.getRuntime().removeShutdownHook(lastWords);
    } catch (IllegalStateException e) {
      return;
    }
  }

  private boolean tell() {
    try (DemoServer server = new DemoServer(checkout, screen)) {
      try {
        PartitaClient client = server.start();
        DemoReport report = story(server, client);
        if (!judge(report)) {
          return false;
        }
        keepUp(server, client);
        return true;
      } catch (RuntimeException e) {
        screen.say("PARTITA DEMO FAILED: %s", reason(e));
        screen.say(server.process().explainLog());
        return false;
      }
    }
  }

  private DemoReport story(DemoServer server, PartitaClient client) {
    screen.say("");
    screen.say("1. Train on WordNet 3.1, and kill the server at 40 % of the training");
    long redone;
    try (DemoJob job = new DemoJob(screen, client, "train-text", Map.of("model", MODEL))) {
      redone = job.kill(server, "train", 0.4, "iterations");
      job.awaitCompleted();
    }
    JsonObject version = latest(client, MODEL);
    screen.say(
        "Model %s version %s on texts it never saw: accuracy %.4f, macro-F1 %.4f",
        MODEL, version.getInt("version"), number(version, "accuracy"), number(version, "macroF1"));

    screen.say("");
    screen.say("2. Classify all texts, and kill the server half way");
    JsonObject summary;
    try (DemoJob job = new DemoJob(screen, client, "classify-text", Map.of("model", MODEL))) {
      job.kill(server, "classify", 0.5, "texts");
      job.awaitCompleted();
      summary = client.predictions(job.instanceId());
    }
    screen.say(
        "%,d of %,d texts have a prediction; %,d duplicates, %,d lost",
        count(summary, "distinct"),
        count(summary, "expected"),
        count(summary, "duplicates"),
        count(summary, "lost"));

    screen.say("");
    screen.say("3. The same training again, not killed: are the weights the same, bit for bit?");
    try (DemoJob job =
        new DemoJob(screen, client, "train-text", Map.of("model", MODEL + "-unkilled"))) {
      job.awaitCompleted();
    }
    String sha = version.getString("weightsSha256");
    String unkilledSha = latest(client, MODEL + "-unkilled").getString("weightsSha256");
    screen.say("killed   %s", sha);
    screen.say("unkilled %s", unkilledSha);
    screen.say(sha.equals(unkilledSha) ? "The same, bit for bit." : "They differ.");

    screen.say("");
    screen.say("4. Serve: %,d requests over %d connections", REQUESTS, CONNECTIONS);
    Samples.show(screen, client, MODEL);
    Latencies latencies = InferenceLoad.run(screen, client, MODEL, REQUESTS, CONNECTIONS);
    Duration p50 = latencies.percentile(50);
    Duration p99 = latencies.percentile(99);
    screen.say("p50 %.1f ms, p99 %.1f ms", p50.toNanos() / 1e6, p99.toNanos() / 1e6);

    return new DemoReport(
        number(version, "accuracy"),
        number(version, "macroF1"),
        count(version, "trainedTexts"),
        count(summary, "distinct"),
        count(summary, "duplicates"),
        count(summary, "lost"),
        server.kills(),
        sha.equals(unkilledSha),
        redone,
        server.firstStart(),
        server.peakMegabytes(),
        p50,
        p99,
        Duration.between(commandTime(), Instant.now()));
  }

  private boolean judge(DemoReport report) {
    screen.say("");
    List<String> faults = report.faults();
    if (faults.isEmpty()) {
      screen.say(report.lastLine());
      return true;
    }
    screen.say("PARTITA DEMO FAILED: %s", String.join("; ", faults));
    return false;
  }

  private void keepUp(DemoServer server, PartitaClient client) {
    if (!screen.terminal() || System.getProperty("partita.demo.keep", "true").equals("false")) {
      return;
    }
    String token = client.post("/api/sign-in-links", "{}").object().getString("token");
    screen.say(
        "Passwords: %s", checkout.root().relativize(server.process().directory().credentials()));
    screen.say("Open %s/#%s", server.process().uri(), token);
    screen.say("Ctrl-C stops the server.");
    ProcessHandle.of(server.process().pid()).ifPresent(process -> process.onExit().join());
  }

  private static JsonObject latest(PartitaClient client, String model) {
    return client.modelVersions(model).stream()
        .max((a, b) -> Double.compare(number(a, "version"), number(b, "version")))
        .orElseThrow(() -> new DemoFailedException("No version of model " + model));
  }

  private static double number(JsonObject object, String name) {
    return object.getJsonNumber(name).doubleValue();
  }

  private static long count(JsonObject object, String name) {
    return object.getJsonNumber(name).longValue();
  }

  /** When the person pressed return: the start of the Maven that runs this, if one does. */
  private static Instant commandTime() {
    ProcessHandle me = ProcessHandle.current();
    return me.parent()
        .filter(p -> p.info().commandLine().orElse("").contains("maven"))
        .flatMap(p -> p.info().startInstant())
        .or(() -> me.info().startInstant())
        .orElseThrow();
  }

  private static String reason(RuntimeException e) {
    return e instanceof DemoFailedException ? String.valueOf(e.getMessage()) : e.toString();
  }
}
