// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.checkpoint.StorageRoot;
import dev.partita.config.PartitaConfig;
import dev.partita.data.DatasetIngest;
import dev.partita.data.DatasetIngest.Ingested;
import dev.partita.data.DatasetManifest;
import dev.partita.data.DatasetRepository;
import dev.partita.data.TextSources;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Makes sure the dataset of {@code source} exists in {@code storageUri}; a second or two. */
@Named
@Dependent
public class IngestBatchlet extends AbstractBatchlet {
  @Inject private StepContext step;
  @Inject private JobProgress progress;
  @Inject private PartitaConfig config;
  @Inject private DatasetRepository datasets;

  @Inject
  @BatchProperty(name = "source")
  private String source;

  @Inject
  @BatchProperty(name = "storageUri")
  private @Nullable String storageUri;

  /** Ends with the counts of the split as exit status. */
  @Override
  public String process() {
    StepProgress progress = this.progress.of(step);
    URI storage = new StorageRoot(config.storageUri()).resolve(storageUri);
    Ingested ingested =
        new DatasetIngest(datasets)
            .ingest(progress.instanceId(), TextSources.named(source), storage, progress);
    DatasetManifest dataset = ingested.manifest();
    String counts =
        "texts=%d train=%d held_out=%d equal_after_lower_casing=%d moved_to_one_side=%d reused=%b"
            .formatted(
                dataset.texts(),
                dataset.trainTexts(),
                dataset.heldOutTexts(),
                dataset.equalTexts(),
                dataset.movedTexts(),
                ingested.reused());
    progress.log(dataset.id() + ": " + counts);
    return counts;
  }
}
