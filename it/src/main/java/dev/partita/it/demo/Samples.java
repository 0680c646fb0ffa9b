// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.PartitaClient;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.List;

/** A few sentences of everyday life, and what the model takes them for. */
final class Samples {
  private static final List<String> SENTENCES =
      List.of(
          "a small furry animal that catches mice",
          "a sweet dessert baked with apples",
          "a feeling of great happiness",
          "a tool for cutting wood",
          "to run away as fast as one can");

  private Samples() {}

  static void show(Screen screen, PartitaClient client, String model) {
    for (String sentence : SENTENCES) {
      JsonObject answer = client.infer(model, List.of(sentence));
      String label = output(answer, "label").getString(0);
      double probability =
          output(answer, "probabilities").stream()
              .mapToDouble(value -> Double.parseDouble(value.toString()))
              .max()
              .orElseThrow();
      screen.say("  %-42s → %s (%.0f %%)", "“" + sentence + "”", label, 100 * probability);
    }
  }

  private static JsonArray output(JsonObject answer, String name) {
    return answer.getJsonArray("outputs").getValuesAs(JsonObject.class).stream()
        .filter(output -> output.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new DemoFailedException("No output " + name + " in " + answer))
        .getJsonArray("data");
  }
}
