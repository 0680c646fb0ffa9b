// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.batch.StepProgress;
import dev.partita.data.DatasetIngest.Ingested;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetIngestTest {
  private static final int TEXTS = 40_000;

  @TempDir Path storage;
  private DatasetRepository datasets;
  private DatasetIngest ingest;

  @BeforeEach
  void emptyDatabase() throws Exception {
    datasets = new DatasetRepository(TestDatabase.create());
    ingest = new DatasetIngest(datasets);
  }

  @Test
  void everyTextComesBackFromMappedMemory() {
    DatasetManifest manifest = run(1).manifest();

    assertThat(manifest.shards().stream().filter(shard -> !shard.heldOut())).hasSize(2);
    assertThat(manifest.texts()).isEqualTo(TEXTS);
    try (DatasetReader reader = DatasetReader.open(datasets.require(1))) {
      assertThat(reader.manifest()).isEqualTo(manifest);
      Set<String> seen = new HashSet<>();
      for (int row = 0; row < reader.texts(); row++) {
        int number = Integer.parseInt(reader.id(row).substring("test:".length()));
        seen.add(reader.id(row));
        boolean asWritten =
            reader.text(row).equals(text(number))
                && reader.label(row) == number % 3
                && reader.textAddress(row) != 0
                && HeldOutSplit.isHeldOut(reader.id(row)) == row >= reader.trainTexts();
        assertThat(asWritten).as("row %s", row).isTrue();
      }
      assertThat(seen).hasSize(TEXTS);
      assertThatThrownBy(() -> reader.label(TEXTS)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void sameContentIsReused() throws IOException {
    Ingested first = run(1);
    FileTimes before = FileTimes.of(first.manifest());
    Ingested second = run(2);

    assertThat(first.reused()).isFalse();
    assertThat(second.reused()).isTrue();
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(FileTimes.of(second.manifest())).isEqualTo(before);
    assertThat(datasets.require(2)).isEqualTo(first.manifest());
  }

  @Test
  void whatAKilledAttemptLeftIsNoObstacle() throws IOException {
    DatasetManifest whole = run(1).manifest();
    Path datasetsFolder = storage.resolve("datasets");
    // Killed while writing shards: half a staging folder. Killed before the row: a whole folder.
    Path staging = Files.createDirectories(datasetsFolder.resolve(".staging-2-" + whole.id()));
    Files.writeString(staging.resolve("train-000.arrow"), "half");
    DatasetRepository empty = newDatabase();

    Ingested again =
        new DatasetIngest(empty).ingest(2, SOURCE, storage.toUri(), StepProgress.SILENT);

    assertThat(again.manifest()).isEqualTo(whole);
    assertThat(empty.find(whole.uri())).contains(whole);
    try (Stream<Path> folders = Files.list(datasetsFolder)) {
      assertThat(folders).hasSize(1);
    }
  }

  @Test
  void aFlippedBitIsDetectedAndTheDatasetWrittenAnew() throws IOException {
    DatasetManifest manifest = run(1).manifest();
    Path shard = Path.of(URI.create(manifest.uri())).resolve(manifest.shards().get(0).file());
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);

    assertMismatch(manifest, "SHA-256");
    assertThat(run(2).reused()).isFalse();
    DatasetReader.open(manifest).close();
  }

  @Test
  void aCutFileIsDetectedBeforeItIsMapped() throws IOException {
    DatasetManifest manifest = run(1).manifest();
    Path shard = Path.of(URI.create(manifest.uri())).resolve(manifest.shards().get(1).file());
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, List.of(), StandardOpenOption.TRUNCATE_EXISTING);
    assertMismatch(manifest, "0 bytes instead of");

    Files.write(shard, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertMismatch(manifest, "instead of " + bytes.length);

    Files.delete(shard);
    assertMismatch(manifest, "NoSuchFile");
  }

  @Test
  void aDamagedManifestIsNamed() {
    String json = ManifestJson.write(run(1).manifest());
    assertThat(ManifestJson.read(json)).isEqualTo(run(1).manifest());
    for (int cut = 0; cut < json.length(); cut += 7) {
      String part = json.substring(0, cut);
      assertThatThrownBy(() -> ManifestJson.read(part))
          .isInstanceOfSatisfying(
              PartitaException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILURE));
    }
  }

  @Test
  void onlyFileStorageIsTaken() {
    assertThatThrownBy(
            () -> ingest.ingest(1, SOURCE, URI.create("ftp://host/"), StepProgress.SILENT))
        .hasMessageContaining("not an absolute file: URI");
  }

  private Ingested run(long instanceId) {
    return ingest.ingest(instanceId, SOURCE, storage.toUri(), StepProgress.SILENT);
  }

  private static DatasetRepository newDatabase() {
    try {
      return new DatasetRepository(TestDatabase.create());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertMismatch(DatasetManifest manifest, String what) {
    assertThatThrownBy(() -> DatasetReader.open(manifest))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILURE))
        .hasMessageContaining(what);
  }

  private static String text(int number) {
    return "text ".repeat(number % 7) + "number " + number + " with ümläuts and 漢字";
  }

  private static final TextSource SOURCE =
      new TextSource() {
        @Override
        public String name() {
          return "test";
        }

        @Override
        public List<String> classNames() {
          return List.of("zero", "one", "two");
        }

        @Override
        public void read(Consumer<LabelledText> each) {
          IntStream.range(0, TEXTS)
              .forEach(i -> each.accept(new LabelledText("test:" + i, i % 3, text(i))));
        }
      };

  /** When each file was last written. */
  private record FileTimes(List<Long> millis) {
    static FileTimes of(DatasetManifest manifest) throws IOException {
      Path folder = Path.of(URI.create(manifest.uri()));
      List<Long> times = new java.util.ArrayList<>();
      for (ShardEntry shard : manifest.shards()) {
        times.add(Files.getLastModifiedTime(folder.resolve(shard.file())).toMillis());
      }
      return new FileTimes(times);
    }
  }
}
