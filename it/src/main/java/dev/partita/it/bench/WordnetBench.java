// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.EventStream;
import dev.partita.it.server.JobEvent;
import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The main job: {@code wordnet_train}, {@code wordnet_classify}, {@code text_infer}. */
final class WordnetBench {
  private static final int TEXTS = 117_791;
  private static final int EPOCHS = 5;
  private static final int RUNS = 3;
  private static final int WRK_SECONDS = 5;

  private WordnetBench() {}

  /** What the checkpoints of a training cost. */
  private record Checkpoints(List<Double> stallMillis, List<Double> bytes) {
    void add(JobEvent event) {
      stallMillis.add(event.data().getJsonNumber("stallSeconds").doubleValue() * 1e3);
      bytes.add(event.data().getJsonNumber("bytes").doubleValue());
    }
  }

  static List<Figure> run() {
    List<Double> one = new ArrayList<>();
    List<Double> two = new ArrayList<>();
    List<Double> ratio = new ArrayList<>();
    Checkpoints checkpoints = new Checkpoints(new ArrayList<>(), new ArrayList<>());
    List<Double> classify = new ArrayList<>();
    try (BenchServer server = new BenchServer(Map.of())) {
      train(server, 2, new Checkpoints(new ArrayList<>(), new ArrayList<>())); // warms up
      for (int i = 0; i < RUNS; i++) {
        one.add(train(server, 1, checkpoints));
        two.add(train(server, 2, checkpoints));
        ratio.add(two.get(i) / one.get(i));
      }
      List<Double> alone = new ArrayList<>();
      server.complete("classify-text", Map.of("model", "bench-2")); // warms up
      for (int i = 0; i < RUNS; i++) {
        double texts = server.metric("partita_model_texts_total");
        double seconds = server.metric("partita_model_compute_seconds_total");
        long id = server.complete("classify-text", Map.of("model", "bench-2"));
        classify.add(TEXTS / server.stepSeconds(id, "classify"));
        alone.add(
            (server.metric("partita_model_texts_total") - texts)
                / (server.metric("partita_model_compute_seconds_total") - seconds));
      }
      List<Figure> figures =
          new ArrayList<>(
              List.of(
                  Figure.of("wordnet_train", "texts_per_s_1_rank", "texts/s", one),
                  Figure.of("wordnet_train", "texts_per_s_2_ranks", "texts/s", two)
                      .within(
                          2 * Figure.of("", "", "", one).median(),
                          "twice the rate of one rank in the same run"),
                  Figure.of("wordnet_train", "ratio_2_ranks_to_1", "1", ratio).within(2, "cores"),
                  Figure.of("wordnet_train", "checkpoint_stall", "ms", checkpoints.stallMillis)
                      .within(
                          MemoryCopy.millis(Figure.of("", "", "", checkpoints.bytes).median()),
                          "one core copies as many bytes in memory"),
                  Figure.of("wordnet_classify", "texts_per_s_end_to_end", "texts/s", classify)
                      .within(
                          2 * Figure.of("", "", "", alone).median(),
                          "the model alone on each of two cores, same runs"),
                  Figure.of("wordnet_classify", "texts_per_s_model", "texts/s", alone)));
      figures.addAll(infer(server));
      return figures;
    }
  }

  /** Trains once and returns texts per second of the step alone. */
  private static double train(BenchServer server, int ranks, Checkpoints checkpoints) {
    long id =
        server.complete(
            "train-text",
            Map.of(
                "model", "bench-" + ranks,
                "ranks", Integer.toString(ranks),
                "epochs", Integer.toString(EPOCHS)));
    readCheckpoints(server.client(), id, checkpoints);
    JsonObject version = server.client().modelVersions("bench-" + ranks).get(0);
    return EPOCHS
        * version.getJsonNumber("trainedTexts").doubleValue()
        / server.stepSeconds(id, "train");
  }

  private static void readCheckpoints(
      PartitaClient client, long instanceId, Checkpoints checkpoints) {
    try (EventStream events = client.events(instanceId, "")) {
      for (JobEvent e = events.next(); e != null && !over(e); e = events.next()) {
        if (e.type().equals("checkpoint") && e.data().containsKey("stallSeconds")) {
          checkpoints.add(e);
        }
      }
    }
  }

  private static boolean over(JobEvent event) {
    return event.type().equals("job") && event.data().getString("batchStatus").equals("COMPLETED");
  }

  private static List<Figure> infer(BenchServer server) {
    Wrk wrk =
        new Wrk(
            server.process().uri().resolve("/v2/models/bench-2/infer"),
            Map.of("Content-Type", "application/json", "Authorization", server.authorization()),
            "{\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\","
                + "\"data\":[\"a small wild cat with a spotted coat\"]}]}");
    Wrk live =
        new Wrk(
            server.process().uri().resolve("/v2/health/live"),
            Map.of("Authorization", server.authorization()),
            "");
    return ServeFigures.measure(
        "text_infer", wrk, WRK_SECONDS, live, "the same server's /v2/health/live, signed in too");
  }
}
