// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.batch.InstanceData;
import dev.partita.config.FaultPoint;
import dev.partita.config.PodClock;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes and finds checkpoints. Files → fsync → manifest → fsync of the folders → one row ({@link
 * SetWriter}): a reader sees rows only, so a crash at any instant leaves the former checkpoint and
 * some garbage.
 *
 * <p>One writer per run at a time: from {@link #open} on, whoever opened it before is refused, like
 * a pod that stood still while others went on with its training. Readers on any thread.
 */
@ApplicationScoped
public class CheckpointStore implements InstanceData {
  private static final System.Logger LOG = System.getLogger("dev.partita.checkpoint");

  private final BlobStore blobs;
  private final CheckpointRepository rows;
  private final InstantSource clock;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected CheckpointStore() {
    this(null, null, null);
  }

  @Inject
  public CheckpointStore(CheckpointRepository rows) {
    this(new FileBlobStore(), rows, PodClock.source());
  }

  public CheckpointStore(BlobStore blobs, CheckpointRepository rows, InstantSource clock) {
    this.blobs = blobs;
    this.rows = rows;
    this.clock = clock;
  }

  /** Where the files of all checkpoints are. */
  public BlobStore blobs() {
    return blobs;
  }

  /** The committed checkpoints of a run, newest first. */
  public List<Checkpoint> list(String runId) {
    return rows.find(runId);
  }

  /** The newest committed checkpoint. */
  public Optional<Checkpoint> newest(String runId) {
    return rows.find(runId).stream().findFirst();
  }

  /** The checkpoint of the complete run, if it is complete. */
  public Optional<Checkpoint> last(String runId) {
    return rows.find(runId).stream().filter(row -> row.point().last()).findFirst();
  }

  /** Writes a checkpoint and returns once it is committed; then drops those beyond numToKeep. */
  public Checkpoint save(CheckpointRun run, CheckpointPoint point, List<CheckpointFile> files) {
    return save(run, point, files, () -> false)
        .orElseThrow(() -> new IllegalStateException("nobody abandoned it"));
  }

  /** As above; ends early and empty, leaving nothing, once {@code abandoned} turns true. */
  Optional<Checkpoint> save(
      CheckpointRun run,
      CheckpointPoint point,
      List<CheckpointFile> files,
      BooleanSupplier abandoned) {
    try (SetWriter writer = blobs.setWriter(files, false)) {
      URI folder = newFolder(run, point);
      writer.begin(folder);
      return finish(run, point, folder, writer, files, abandoned);
    }
  }

  /** Where a checkpoint is to be written. */
  URI newFolder(CheckpointRun run, CheckpointPoint point) {
    // The suffix keeps a retry of an iteration apart from what its killed forerunner left.
    return run.folder().resolve(point.iteration() + "-" + UUID.randomUUID().toString() + "/");
  }

  /** The rest of {@link #save} for a set of {@code files} that was begun. */
  Optional<Checkpoint> finish(
      CheckpointRun run,
      CheckpointPoint point,
      URI folder,
      SetWriter writer,
      List<CheckpointFile> files,
      BooleanSupplier abandoned) {
    try {
      if (!writer.await(abandoned)) {
        discard(folder, null);
        return Optional.empty();
      }
      for (int file = 0; file < files.size(); file++) {
        FaultPoint.reach("checkpoint-write");
      }
      Checkpoint row = row(run, point, files, folder, writer.commit());
      if (!rows.commit(row, run.writer())) {
        throw new PartitaException(
            ErrorCode.FENCED,
            "checkpoint of iteration " + point.iteration() + ": another pod goes on with the run");
      }
      keepNewest(run);
      return Optional.of(row);
    } catch (IOException e) {
      PartitaException failure =
          new PartitaException(
              ErrorCode.STORAGE_FAILURE,
              "checkpoint of iteration " + point.iteration() + " could not be written: " + e,
              e);
      discard(folder, failure);
      throw failure;
    } catch (PartitaException e) {
      discard(folder, e);
      throw e;
    }
  }

  private Checkpoint row(
      CheckpointRun run,
      CheckpointPoint point,
      List<CheckpointFile> files,
      URI folder,
      SetWriter.Committed set)
      throws IOException {
    boolean weights =
        point.last() && files.stream().anyMatch(f -> f.name().equals(CheckpointFile.MODEL));
    return new Checkpoint(
        run.runId(),
        point,
        folder.resolve(Manifest.NAME),
        set.manifestCrc32c(),
        set.bytes(),
        weights ? sha256(folder.resolve(CheckpointFile.MODEL)) : "",
        Instant.ofEpochMilli(clock.millis()));
  }

  /**
   * Fills the tensors of {@code targets} from a checkpoint whose every byte was checked first.
   * Throws CHECKPOINT_CORRUPT, naming the file, and then has changed nothing.
   */
  public void load(Checkpoint checkpoint, List<CheckpointFile> targets) {
    new CheckpointReader(blobs, checkpoint).load(targets);
  }

  /**
   * Before a run writes: notes where, so that a purge finds it, refuses whoever wrote before, and
   * deletes whatever a killed execution left there without a row.
   *
   * @return the run as its writer has to name it
   */
  public CheckpointRun open(CheckpointRun run) {
    CheckpointRun mine = run.writtenBy(UUID.randomUUID().toString());
    rows.open(mine);
    sweep(run.runId(), run.folder());
    return mine;
  }

  /**
   * After a run wrote: deletes what could not be deleted meanwhile; if it still cannot, a later
   * sweep does. Nothing is deleted if another writes by now.
   *
   * @param run as {@link #open} returned it
   */
  public void close(CheckpointRun run) {
    try {
      if (!rows.isWriter(run)) {
        return;
      }
      sweep(run.runId(), run.folder());
      rows.close(run.runId());
    } catch (PartitaException e) {
      LOG.log(Level.WARNING, "{0} waits for the next sweep: {1}", run.folder(), e.getMessage());
    }
  }

  private void sweep(String runId, URI folder) {
    Set<URI> committed =
        rows.find(runId).stream().map(Checkpoint::folder).collect(Collectors.toSet());
    try {
      for (URI child : blobs.list(folder)) {
        if (!committed.contains(child)) {
          blobs.delete(child);
        }
      }
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "could not sweep " + folder + ": " + e, e);
    }
  }

  @Override
  public void purge(long instanceId) {
    rows.purge(instanceId);
  }

  /**
   * Deletes the files of purged runs, and of complete runs those without a row. An incomplete run
   * may be writing on any pod: what it left is deleted when it is opened again, or purged.
   */
  @Override
  public void sweep() {
    for (CheckpointRepository.Left left : rows.left()) {
      if (left.purged()) {
        deleteFolder(left.folder());
        rows.forget(left.runId());
      } else {
        sweep(left.runId(), left.folder());
        rows.close(left.runId());
      }
    }
  }

  @Override
  public Optional<Instant> lastCommit(long instanceId) {
    return rows.lastCommit(instanceId);
  }

  /** Takes back a checkpoint that turned out to be corrupt; the next sweep removes its files. */
  public void drop(Checkpoint checkpoint) {
    rows.delete(checkpoint.runId(), checkpoint.point().iteration());
  }

  private void keepNewest(CheckpointRun run) {
    List<Checkpoint> all = rows.find(run.runId());
    for (Checkpoint old : all.subList(Math.min(run.numToKeep(), all.size()), all.size())) {
      // The row goes first: a row always has its files, files without a row are swept.
      rows.delete(run.runId(), old.point().iteration());
      FaultPoint.reach("checkpoint-drop");
      discard(old.folder(), null);
    }
  }

  private void deleteFolder(URI folder) {
    try {
      blobs.delete(folder);
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "could not delete " + folder + ": " + e, e);
    }
  }

  /** Deletes garbage. If that fails too, the next sweep does it. */
  private void discard(URI folder, @Nullable Exception reason) {
    try {
      blobs.delete(folder);
    } catch (IOException e) {
      if (reason != null) {
        reason.addSuppressed(e);
      } else {
        LOG.log(Level.WARNING, "{0} is left for the next sweep: {1}", folder, e);
      }
    }
  }

  private String sha256(URI blob) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    try (SeekableByteChannel channel = blobs.read(blob)) {
      ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
      while (channel.read(piece.clear()) >= 0) {
        digest.update(piece.flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
