// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.batch.StepProgress;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns a source into a dataset: shards on disk first, then the manifest as one row. Killed at any
 * point and run again it ends the same; run again on the same content it writes nothing.
 */
public class DatasetIngest {
  /** Part of a dataset's id: a change of the shards' layout is a change of content. */
  private static final String LAYOUT = "1";

  private static final int TEXTS_PER_SHARD = 32_768;
  private static final String UNIT = "texts";

  private final DatasetRepository datasets;

  public DatasetIngest(DatasetRepository datasets) {
    this.datasets = datasets;
  }

  /**
   * Makes sure the source's dataset exists under {@code storage} and ties the instance to it.
   *
   * @return what the dataset is, and whether it was there before
   */
  public Ingested ingest(long instanceId, TextSource source, URI storage, StepProgress progress) {
    DatasetFolder folder = DatasetFolder.under(storage);
    try {
      List<LabelledText> texts = new ArrayList<>();
      source.read(texts::add);
      HeldOutSplit split = HeldOutSplit.of(texts);
      String id = id(source, texts, split);
      Optional<DatasetManifest> known = datasets.find(folder.uri(id)).filter(this::isWhole);
      DatasetManifest manifest;
      if (known.isPresent()) {
        manifest = known.get();
      } else {
        Path staging = folder.stage(id, instanceId);
        List<ShardEntry> shards = writeShards(staging, texts, split, progress);
        manifest =
            new DatasetManifest(
                id,
                source.name(),
                folder.uri(id),
                source.classNames(),
                split.equalTexts(),
                split.movedTexts(),
                shards);
        folder.publish(staging, id);
        datasets.commit(manifest);
      }
      datasets.use(instanceId, manifest);
      progress.progress(manifest.texts(), manifest.texts(), UNIT);
      return new Ingested(manifest, known.isPresent());
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE,
          "could not ingest '" + source.name() + "' into " + storage + ": " + e,
          e);
    }
  }

  /** Whether every file still is what the manifest says; if not, it is written anew. */
  private boolean isWhole(DatasetManifest manifest) {
    try (DatasetReader reader = DatasetReader.open(manifest)) {
      return reader.texts() == manifest.texts();
    } catch (PartitaException e) {
      System.getLogger(DatasetIngest.class.getName())
          .log(System.Logger.Level.WARNING, e.getMessage() + "; writing the dataset again");
      return false;
    }
  }

  private static List<ShardEntry> writeShards(
      Path staging, List<LabelledText> texts, HeldOutSplit split, StepProgress progress)
      throws IOException {
    List<ShardEntry> shards = new ArrayList<>();
    int done = 0;
    for (boolean heldOut : new boolean[] {false, true}) {
      int[] rows =
          IntStream.range(0, texts.size()).filter(i -> split.heldOut().get(i) == heldOut).toArray();
      for (int from = 0; from < rows.length; from += TEXTS_PER_SHARD) {
        int to = Math.min(from + TEXTS_PER_SHARD, rows.length);
        List<LabelledText> part =
            IntStream.range(from, to).mapToObj(i -> texts.get(rows[i])).toList();
        String file =
            (heldOut ? "held-out-" : "train-") + "%03d.arrow".formatted(from / TEXTS_PER_SHARD);
        shards.add(ShardWriter.write(staging, file, heldOut, part));
        done += part.size();
        progress.progress(done, texts.size(), UNIT);
      }
    }
    return shards;
  }

  private static String id(TextSource source, List<LabelledText> texts, HeldOutSplit split) {
    Sha256 sum = new Sha256();
    sum.add(LAYOUT);
    source.classNames().forEach(sum::add);
    for (int i = 0; i < texts.size(); i++) {
      sum.add(texts.get(i).id());
      sum.add(texts.get(i).label() + (split.heldOut().get(i) ? "h" : "t"));
      sum.add(texts.get(i).text());
    }
    return source.name() + "-" + sum.hex().substring(0, 16);
  }

  /**
   * What {@link #ingest} came to.
   *
   * @param reused true when the same content was there already and nothing was written
   */
  public record Ingested(DatasetManifest manifest, boolean reused) {}
}
