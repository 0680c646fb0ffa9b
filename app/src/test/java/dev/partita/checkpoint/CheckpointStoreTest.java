// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
  @TempDir private Path folder;
  private CheckpointFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new CheckpointFixture(folder, new FileBlobStore());
  }

  @Test
  void aCheckpointIsReadBackWithItsRow() {
    fixture.save(10, 3f);
    Checkpoint row = fixture.store().newest("7-train").orElseThrow();
    assertThat(row.point().iteration()).isEqualTo(10);
    assertThat(row.point().cursor()).isEqualTo(Map.of("epoch", "1"));
    assertThat(row.point().metrics()).isEqualTo(Map.of("loss", 0.5));
    List<CheckpointFile> target = CheckpointFixture.files(0f);
    fixture.store().load(row, target);
    assertThat(CheckpointFixture.first(target)).isEqualTo(3f);
  }

  @Test
  void onlyTheNewestAreKeptAndOldFilesAreGone() throws IOException {
    IntStream.rangeClosed(1, 5).forEach(i -> fixture.save(i * 10L, i));
    assertThat(fixture.store().list("7-train"))
        .extracting(row -> row.point().iteration())
        .containsExactly(50L, 40L);
    assertThat(fixture.blobs.list(fixture.run.folder())).hasSize(2);
  }

  @Test
  void theLastCheckpointNamesItsWeightsBySha256() throws Exception {
    CheckpointPoint end = new CheckpointPoint(9, true, Map.of(), Map.of());
    Checkpoint last = fixture.store().save(fixture.run, end, CheckpointFixture.files(1f));
    byte[] bytes = Files.readAllBytes(Path.of(last.file(CheckpointFile.MODEL)));
    String sum =
        HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    assertThat(last.weightsSha256()).isEqualTo(sum);
    assertThat(fixture.store().last("7-train")).contains(last);
  }

  /** Cut in the length, the header, at its end, in the data, one byte early; then too long. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 100, -61, -60, -30, -1, 1_000_000})
  void aTornFileIsCorruptAndNamedAndChangesNothing(int cut) throws IOException {
    Checkpoint row = fixture.save(10, 3f);
    Path model = Path.of(row.file(CheckpointFile.MODEL));
    byte[] bytes = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(bytes, cut < 0 ? bytes.length + cut : cut));
    assertCorrupt(row, CheckpointFile.MODEL);
  }

  @Test
  void oneFlippedBitAnywhereIsCorrupt() throws IOException {
    Checkpoint row = fixture.save(10, 3f);
    for (String name : List.of(CheckpointFile.MODEL, CheckpointFile.OPTIMIZER, Manifest.NAME)) {
      Path file = Path.of(row.file(name));
      byte[] good = Files.readAllBytes(file);
      for (int at = 0; at < good.length; at++) {
        byte[] bad = good.clone();
        bad[at] ^= 1;
        Files.write(file, bad);
        assertCorrupt(row, name);
      }
      Files.write(file, good);
    }
    fixture.store().load(row, CheckpointFixture.files(0f));
  }

  @Test
  void aMissingFileIsCorrupt() throws IOException {
    Checkpoint row = fixture.save(10, 3f);
    Files.delete(Path.of(row.file(CheckpointFile.OPTIMIZER)));
    assertCorrupt(row, CheckpointFile.OPTIMIZER);
  }

  /** A pod that stood still while another went on with its training. */
  @Test
  void whoeverOpenedARunBeforeWritesNoRowAndDeletesNothing() throws IOException {
    CheckpointStore store = fixture.store();
    CheckpointRun stale = store.open(fixture.run);
    store.save(stale, at(10), CheckpointFixture.files(1f));
    CheckpointRun mine = store.open(fixture.run);
    URI beingWritten = fixture.run.folder().resolve("30-new/");
    Files.createDirectories(Path.of(beingWritten));
    assertThatThrownBy(() -> store.save(stale, at(20), CheckpointFixture.files(2f)))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
    // Not over one that is there, either.
    assertThatThrownBy(() -> store.save(stale, at(10), CheckpointFixture.files(2f)))
        .isInstanceOf(PartitaException.class);
    store.close(stale);
    assertThat(Path.of(beingWritten)).exists();
    List<CheckpointFile> target = CheckpointFixture.files(0f);
    store.load(store.newest("7-train").orElseThrow(), target);
    assertThat(CheckpointFixture.first(target)).isEqualTo(1f);
    store.save(mine, at(20), CheckpointFixture.files(3f));
    store.close(mine);
    assertThat(store.list("7-train")).hasSize(2);
    assertThat(Path.of(beingWritten)).doesNotExist();
  }

  private static CheckpointPoint at(long iteration) {
    return new CheckpointPoint(iteration, false, Map.of(), Map.of());
  }

  /** The n-th write fails: model, optimizer, manifest, folder. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void afterAFailedWriteTheFormerCheckpointIsTheNewest(int failing) throws Exception {
    FailingBlobStore disk = new FailingBlobStore();
    fixture = new CheckpointFixture(folder, disk);
    fixture.save(10, 3f);
    disk.failAfter(failing);
    assertThatThrownBy(() -> fixture.save(20, 4f))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILURE));
    disk.failAfter(Integer.MAX_VALUE);
    Checkpoint newest = fixture.store().newest("7-train").orElseThrow();
    assertThat(newest.point().iteration()).isEqualTo(10);
    fixture.store().load(newest, CheckpointFixture.files(0f));
  }

  @Test
  void whatHasNoRowIsSwept() throws IOException {
    Checkpoint row = fixture.save(10, 3f);
    Path garbage = Path.of(fixture.run.folder()).resolve("20-killed");
    Files.createDirectories(garbage);
    Files.writeString(garbage.resolve("model.safetensors"), "half of it");
    fixture.store().open(fixture.run);
    assertThat(fixture.blobs.list(fixture.run.folder())).containsExactly(row.folder());
  }

  @Test
  void anAbandonedCheckpointLeavesNothing() throws IOException {
    assertThat(
            fixture
                .store()
                .save(
                    fixture.run,
                    CheckpointFixture.point(10),
                    CheckpointFixture.files(1f),
                    () -> true))
        .isEmpty();
    assertThat(fixture.blobs.list(fixture.run.folder())).isEmpty();
    assertThat(fixture.store().list("7-train")).isEmpty();
  }

  @Test
  void aSecondCheckpointOfAnIterationReplacesTheFirst() {
    fixture.save(10, 3f);
    Checkpoint second = fixture.save(10, 4f);
    assertThat(fixture.store().list("7-train"))
        .extracting(Checkpoint::manifest)
        .containsExactly(second.manifest());
  }

  @Test
  void aPurgedInstanceLeavesNeitherRowsNorFiles() throws IOException {
    CheckpointRun other = new CheckpointRun("71-train", fixture.run.storage(), 2);
    fixture.store().open(other);
    fixture.store().save(other, CheckpointFixture.point(10), CheckpointFixture.files(1f));
    fixture.store().open(fixture.run);
    fixture.save(10, 3f);
    Files.createDirectories(Path.of(fixture.run.folder()).resolve("20-killed"));
    fixture.store().purge(7);
    assertThat(fixture.store().list("7-train")).isEmpty();
    fixture.store().sweep();
    assertThat(Path.of(fixture.run.folder())).doesNotExist();
    assertThat(fixture.rows.left()).isEmpty();
    fixture.store().load(fixture.store().newest("71-train").orElseThrow(), files());
  }

  /** Killed between the row of the last checkpoint and the deletion of those before it. */
  @Test
  void whatACompleteRunLeftIsSweptAtTheNextStart() throws IOException {
    Path garbage = Path.of(fixture.run.folder()).resolve("20-superseded");
    fixture.store().open(fixture.run);
    fixture.save(10, 3f);
    Files.createDirectories(garbage);
    fixture.store().sweep();
    assertThat(garbage).as("a run that may still be writing is let alone").exists();
    CheckpointPoint end = new CheckpointPoint(20, true, Map.of(), Map.of());
    Checkpoint last = fixture.store().save(fixture.run, end, files());
    fixture.store().sweep();
    assertThat(garbage).doesNotExist();
    assertThat(Path.of(last.folder())).exists();
    assertThat(fixture.rows.left()).isEmpty();
  }

  @Test
  void anInstanceCommittedWhenItsNewestCheckpointWasByTheDatabasesClock() {
    CheckpointStore ahead =
        new CheckpointStore(
            fixture.blobs, fixture.rows, () -> Instant.now().plus(1, ChronoUnit.HOURS));
    CheckpointRun mine = ahead.open(fixture.run);
    assertThat(ahead.lastCommit(7)).isEmpty();
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    ahead.save(mine, CheckpointFixture.point(10), CheckpointFixture.files(3f));
    assertThat(ahead.lastCommit(7).orElseThrow()).isBetween(before, Instant.now());
    assertThat(ahead.lastCommit(71)).isEmpty();
    ahead.save(mine, CheckpointFixture.point(10), CheckpointFixture.files(3f));
    assertThat(ahead.lastCommit(7).orElseThrow()).isBetween(before, Instant.now());
  }

  @Test
  void aCopyOutlivesWhatItWasMadeOf() throws IOException {
    Checkpoint row = fixture.save(10, 3f);
    URI from = row.file(CheckpointFile.MODEL);
    byte[] bytes = Files.readAllBytes(Path.of(from));
    URI to = CheckpointFixture.storage(folder).resolve("models/7-text/model.safetensors");
    fixture.blobs.copy(from, to);
    fixture.blobs.sync(to.resolve("./"));
    fixture.blobs.delete(row.folder());
    assertThat(Path.of(to)).hasBinaryContent(bytes);
  }

  private static List<CheckpointFile> files() {
    return CheckpointFixture.files(0f);
  }

  private void assertCorrupt(Checkpoint row, String file) {
    List<CheckpointFile> target = CheckpointFixture.files(0f);
    assertThatThrownBy(() -> fixture.store().load(row, target))
        .isInstanceOfSatisfying(
            PartitaException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT))
        .hasMessageContaining(file)
        .hasMessageContaining("iteration 10");
    assertThat(CheckpointFixture.first(target)).isZero();
  }

  /** A disk that is full after some operations; what it wrote until then stays. */
  private static final class FailingBlobStore implements BlobStore {
    private final FileBlobStore disk = new FileBlobStore();
    private int left = Integer.MAX_VALUE;

    void failAfter(int operations) {
      left = operations;
    }

    private void count() throws IOException {
      if (left-- <= 0) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void write(URI blob, Content content) throws IOException {
      count();
      disk.write(blob, content);
    }

    @Override
    public void copy(URI from, URI to) throws IOException {
      count();
      disk.copy(from, to);
    }

    @Override
    public void sync(URI at) throws IOException {
      count();
      disk.sync(at);
    }

    @Override
    public java.nio.channels.SeekableByteChannel read(URI blob) throws IOException {
      return disk.read(blob);
    }

    @Override
    public List<URI> list(URI at) throws IOException {
      return disk.list(at);
    }

    @Override
    public void delete(URI at) throws IOException {
      count();
      disk.delete(at);
    }
  }
}
