// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.data.ClassifyRun;
import dev.partita.data.DatasetReader;
import dev.partita.data.DatasetRepository;
import dev.partita.data.Prediction;
import dev.partita.data.PredictionRepository;
import dev.partita.serve.Classification;
import dev.partita.serve.ModelLease;
import dev.partita.serve.ModelServer;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Classifies a chunk of rows in one native batch and inserts the answers in the chunk's
 * transaction, so that they commit together with the reader's position, or not at all.
 */
@Named
@Dependent
public class ClassifyWriter extends AbstractItemWriter {
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private DatasetRepository datasets;
  @Inject private PredictionRepository predictions;
  @Inject private ModelServer models;

  @Inject
  @BatchProperty(name = "from")
  private String from;

  @Inject
  @BatchProperty(name = "to")
  private String to;

  private @Nullable Open open;
  private boolean begun;

  /** What is held while the partition runs. */
  private record Open(StepProgress progress, DatasetReader texts, ModelLease model) {}

  @Override
  public void open(@Nullable Serializable checkpoint) {
    StepProgress own = progress.of(step);
    ClassifyRun run = predictions.run(own.instanceId()).orElseThrow();
    DatasetReader texts = DatasetReader.open(datasets.require(own.instanceId()));
    try {
      open = new Open(own, texts, models.lease(run.model(), run.version()));
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  @Override
  public void writeItems(List<Object> rows) {
    Open open = java.util.Objects.requireNonNull(this.open);
    int first = Integer.parseInt(from);
    if (!begun) {
      begun = true;
      open.progress.resumed((Integer) rows.get(0) - first, "texts");
    }
    long[] addresses = new long[rows.size()];
    int[] bytes = new int[rows.size()];
    for (int i = 0; i < addresses.length; i++) {
      int row = (Integer) rows.get(i);
      addresses[i] = open.texts.textAddress(row);
      bytes[i] = open.texts.textBytes(row);
    }
    List<Classification> answers = open.model.classify(addresses, bytes);
    List<Prediction> batch = new ArrayList<>(addresses.length);
    for (int i = 0; i < addresses.length; i++) {
      Classification answer = answers.get(i);
      batch.add(new Prediction((Integer) rows.get(i), answer.label(), answer.probability()));
    }
    // Told before the insert, which may wait for its turn: from here on these texts are computed.
    int done = (Integer) rows.get(rows.size() - 1) + 1 - first;
    open.progress.progress(done, Integer.parseInt(to) - first, "texts");
    predictions.insert(open.progress.instanceId(), batch);
  }

  @Override
  public void close() {
    if (open != null) {
      open.model.close();
      open.texts.close();
      open = null;
    }
  }
}
