// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.EventStream;
import dev.partita.it.server.JobEvent;
import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The main job: {@code wordnet_train}, {@code wordnet_classify}, {@code text_infer}. */
final class WordnetBench {
  private static final int TEXTS = 117_791;
  private static final int EPOCHS = 5;
  private static final int RUNS = 2;
  private static final int WRK_SECONDS = 5;
  private static final List<String> BATCH =
      Collections.nCopies(512, "a small wild cat with a spotted coat");

  private WordnetBench() {}

  static List<Figure> run() {
    List<Double> one = new ArrayList<>();
    List<Double> two = new ArrayList<>();
    List<Double> ratio = new ArrayList<>();
    List<Double> stallMillis = new ArrayList<>();
    List<Double> classify = new ArrayList<>();
    try (BenchServer server = new BenchServer(Map.of())) {
      for (int i = 0; i < RUNS; i++) {
        one.add(train(server, 1, stallMillis));
        two.add(train(server, 2, stallMillis));
        ratio.add(two.get(i) / one.get(i));
      }
      for (int i = 0; i < RUNS; i++) {
        long id = server.complete("classify-text", Map.of("model", "bench-2"));
        classify.add(TEXTS / server.stepSeconds(id, "classify"));
      }
      double alone = modelAlone(server.client());
      List<Figure> figures =
          new ArrayList<>(
              List.of(
                  Figure.of("wordnet_train", "texts_per_s_1_rank", "texts/s", one),
                  Figure.of("wordnet_train", "texts_per_s_2_ranks", "texts/s", two)
                      .within(
                          2 * Figure.of("", "", "", one).median(),
                          "twice the rate of one rank in the same run"),
                  Figure.of("wordnet_train", "ratio_2_ranks_to_1", "1", ratio).within(2, "cores"),
                  Figure.of("wordnet_train", "checkpoint_stall", "ms", stallMillis),
                  Figure.of("wordnet_classify", "texts_per_s_end_to_end", "texts/s", classify)
                      .within(alone, "one connection that asks the model for 512 texts at a time"),
                  Figure.of("wordnet_classify", "texts_per_s_model", "texts/s", List.of(alone))));
      figures.addAll(infer(server));
      return figures;
    }
  }

  /** Trains once and returns texts per second of the step alone. */
  private static double train(BenchServer server, int ranks, List<Double> stallMillis) {
    long id =
        server.complete(
            "train-text",
            Map.of(
                "model", "bench-" + ranks,
                "ranks", Integer.toString(ranks),
                "epochs", Integer.toString(EPOCHS)));
    stallMillis.addAll(stalls(server.client(), id));
    JsonObject version = server.client().modelVersions("bench-" + ranks).get(0);
    return EPOCHS
        * version.getJsonNumber("trainedTexts").doubleValue()
        / server.stepSeconds(id, "train");
  }

  private static List<Double> stalls(PartitaClient client, long instanceId) {
    List<Double> millis = new ArrayList<>();
    try (EventStream events = client.events(instanceId, "")) {
      for (JobEvent e = events.next(); e != null && !over(e); e = events.next()) {
        if (e.type().equals("checkpoint") && e.data().containsKey("stallSeconds")) {
          millis.add(e.data().getJsonNumber("stallSeconds").doubleValue() * 1e3);
        }
      }
    }
    return millis;
  }

  private static boolean over(JobEvent event) {
    return event.type().equals("job") && event.data().getString("batchStatus").equals("COMPLETED");
  }

  private static double modelAlone(PartitaClient client) {
    int requests = 40;
    client.infer("bench-2", BATCH);
    long began = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      client.infer("bench-2", BATCH);
    }
    return requests * BATCH.size() * 1e9 / (System.nanoTime() - began);
  }

  private static List<Figure> infer(BenchServer server) {
    Wrk wrk =
        new Wrk(
            server.process().uri().resolve("/v2/models/bench-2/infer"),
            Map.of("Content-Type", "application/json", "Authorization", server.authorization()),
            "{\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\","
                + "\"data\":[\"a small wild cat with a spotted coat\"]}]}");
    return ServeFigures.measure("text_infer", wrk, WRK_SECONDS);
  }
}
