// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.task.Actor;
import dev.partita.task.Starting;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A replica of a registered model, as an actor: the newest version when it begins. */
@Actor
public class TextReplica implements Starting<String> {
  private final ModelServer models;
  private String model = "";
  private int version = ModelServer.LATEST;

  @Inject
  public TextReplica(ModelServer models) {
    this.models = models;
  }

  /** Loads the model of that name. */
  @Override
  public void start(String name) {
    try (ModelLease lease = models.lease(name, ModelServer.LATEST)) {
      model = name;
      version = lease.version().version();
    }
  }

  /** The label of each text, an index into the model's class names; at most a batch of texts. */
  public List<Integer> predict(List<String> texts) {
    Inference answer =
        models.infer(
            model,
            version,
            texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
    List<Integer> labels = new ArrayList<>(answer.count());
    for (int i = 0; i < answer.count(); i++) {
      labels.add(answer.best(i).label());
    }
    return labels;
  }
}
