// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.data.DatasetReader;
import dev.partita.data.DatasetRepository;
import dev.partita.serve.TextReplica;
import dev.partita.task.ActorOptions;
import dev.partita.task.ActorRef;
import dev.partita.task.Cluster;
import dev.partita.task.ObjectRef;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Classifies all texts of a dataset with replicas of a model on all pods, in chunks, and tells how
 * well: replicas whose pod dies begin again elsewhere, and their chunks with them. The exit status
 * names the texts, the accuracy, and a checksum of all labels in their order.
 */
@Named
@Dependent
public class ReplicasBatchlet extends AbstractBatchlet {
  @Inject private Cluster cluster;
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private DatasetRepository datasets;

  @Inject
  @BatchProperty(name = "model")
  private String model;

  @Inject
  @BatchProperty(name = "replicas")
  private String replicas;

  @Inject
  @BatchProperty(name = "chunk")
  private String chunk;

  private volatile boolean stopping;

  @Override
  public String process() {
    int size = Numbers.of("chunk", chunk, 1, 65_536);
    int count = Numbers.of("replicas", replicas, 1, 1_000);
    StepProgress own = progress.of(step);
    try (DatasetReader texts = DatasetReader.open(datasets.require(own.instanceId()));
        ActorRef<TextReplica> servers =
            cluster.replicas(count, TextReplica.class, ActorOptions.DEFAULT, model)) {
      List<ObjectRef<List<Integer>>> answers = new ArrayList<>();
      for (int from = 0; from < texts.texts() && !stopping; from += size) {
        answers.add(servers.call(TextReplica::predict, texts(texts, from, size)));
      }
      return stopping ? "STOPPED" : gather(answers, texts, size, own);
    }
  }

  private static List<String> texts(DatasetReader texts, int from, int size) {
    List<String> some = new ArrayList<>(size);
    for (int row = from; row < Math.min(texts.texts(), from + size); row++) {
      some.add(texts.text(row));
    }
    return some;
  }

  private String gather(
      List<ObjectRef<List<Integer>>> answers, DatasetReader texts, int size, StepProgress own) {
    CRC32C sum = new CRC32C();
    int row = 0;
    int right = 0;
    for (ObjectRef<List<Integer>> answer : answers) {
      if (stopping) {
        return "STOPPED";
      }
      for (int label : answer.get()) {
        right += label == texts.label(row) ? 1 : 0;
        sum.update(label);
        row++;
      }
      answer.close();
      own.progress(row, texts.texts(), "texts");
    }
    return String.format(
        java.util.Locale.ROOT,
        "texts=%d chunks=%d accuracy=%.4f labels=%08x",
        row,
        (texts.texts() + size - 1) / size,
        (double) right / row,
        sum.getValue());
  }

  @Override
  public void stop() {
    stopping = true;
  }
}
